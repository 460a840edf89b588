using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Drizzle.EndToEnd.Hosting;
using Microsoft.AspNetCore.Http;

namespace Drizzle.EndToEnd.Limits;

/// <summary>What limits and quotas do, whatever the engine: a suite for each, with as many edges as it can have. Each test has a tenant of its own.</summary>
public abstract class LimiterTests
{
    private static int s_tenants;

    private readonly string _tenant = $"t{Interlocked.Increment(ref s_tenants)}";
    private readonly Task<IGateways> _starting;
    private IGateways? _gateways;

    private protected LimiterTests(Task<IGateways> starting) => _starting = starting;

    private IGateways Gateways => _gateways ?? throw new InvalidOperationException("They are not up.");

    [TestInitialize]
    public async Task UpAsync() => _gateways = await _starting;

    [TestMethod]
    public async Task What_is_left_is_left_once_however_many_edges_are_asked()
    {
        await ApplyAsync(route: "limits: [{ name: few, rate: 1/h, burst: 10 }]");
        await ExpectAsync(10, 60);
    }

    [TestMethod]
    public async Task No_window_has_more_than_the_rule_allows_and_most_of_it_is_used()
    {
        await ApplyAsync(route: "limits: [{ name: per-second, rate: 200/s, burst: 100, onFailure: deny }, { name: wider, rate: 100000/s, burst: 100000 }]");
        var admitted = new ConcurrentQueue<(long From, long To)>();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(worker => Task.Run(async () =>
        {
            while (clock.Elapsed < TimeSpan.FromSeconds(4))
            {
                var from = clock.ElapsedTicks;
                if (await StatusAsync(worker) == 200) admitted.Enqueue((from, clock.ElapsedTicks));
            }
        })));
        double second = Stopwatch.Frequency;
        AdmittedWindows.Expect([.. admitted.Select(a => (a.From / second, a.To / second))], rate: 200, most: 101, "no window", every: 25);
        Assert.IsGreaterThan(0.5 * (100 + (200 * 4)), admitted.Count);
    }

    [TestMethod]
    public async Task What_one_limit_refuses_costs_the_others_nothing()
    {
        await ApplyAsync(route: "limits: [{ name: wide, rate: 1/h, burst: 3 }, { name: narrow, rate: 1/h, burst: 1, by: [\"header:X-User\"] }]");
        await PassesAsync(("X-User", "1"));
        for (var i = 0; i < 9; i++) Assert.AreEqual(429, await StatusAsync(i, header: ("X-User", "1")));
        await PassesAsync(("X-User", "2"));
        await PassesAsync(("X-User", "3"));
        for (var i = 0; i < 6; i++) Assert.AreEqual(429, await StatusAsync(i, header: ("X-User", "4")));
    }

    [TestMethod]
    public async Task A_client_id_is_counted_inside_its_consumer_and_changing_it_never_helps()
    {
        await ApplyAsync(plan: "limits: [{ name: ids, rate: 1/h, burst: 2, by: [clientId] }, { name: all, rate: 1/h, burst: 5 }]", auth: "[key]");
        var key = await KeyAsync("mobile");
        await ExpectAsync(2, 9, key, _ => ("X-Client-ID", "one"));
        await ExpectAsync(3, 30, key, i => ("X-Client-ID", $"other-{i}"));
        await ExpectAsync(2, 9, await KeyAsync("web"), _ => ("X-Client-ID", "one"));
    }

    [TestMethod]
    public async Task A_request_takes_as_many_tokens_as_its_route_costs_and_none_that_the_bucket_never_has()
    {
        await ApplyAsync(route: "cost: 3, limits: [{ name: ten, rate: 1/h, burst: 10 }]");
        await ExpectAsync(3, 30);
        await ApplyAsync(route: "cost: 3, limits: [{ name: two, rate: 100/s, burst: 2 }]");
        Assert.AreEqual(0, await PassedAsync(9));
    }

    [TestMethod]
    public async Task A_quota_is_admitted_to_the_last_request_and_not_one_more()
    {
        await ApplyAsync(plan: "quotas: [{ name: monthly, amount: 40, per: month, onFailure: deny }]", auth: "[key]");
        var key = await KeyAsync("mobile");
        await ExpectAsync(40, 60, key);
        await Eventually.TrueAsync("what was used is told", async () => (await JsonAsync("get", "quotas", "-t", _tenant)).Single() is var quota && (quota.GetProperty("used").GetInt64(), quota.GetProperty("left").GetInt64()) == (40, 0));
        var events = await JsonAsync("get", "events", "-t", _tenant);
        Assert.AreSequenceEqual(new[] { "quota.exhausted", "quota.warning" }, events.Select(e => e.GetProperty("kind").GetString()));
        Assert.AreEqual(40, Seen());
        (await Gateways.RunAsync("", "limits", "grant", "plan:p/monthly", "--subject", "mobile", "-t", _tenant, "--tokens", "5")).Ended(0);
        await ExpectAsync(5, 9, key);
    }

    [TestMethod]
    public async Task Buckets_are_seen_live_and_filled_by_hand_with_an_entry_in_the_audit()
    {
        await ApplyAsync(route: "limits: [{ name: few, rate: 1/h, burst: 6, by: [consumer] }]", auth: "[key]");
        var key = await KeyAsync("mobile");
        await ExpectAsync(6, 30, key);
        JsonElement bucket = default;
        await Eventually.TrueAsync("the refusals are told", async () =>
        {
            bucket = (await JsonAsync("get", "limits", "-t", _tenant)).Single();
            return bucket.GetProperty("refusedLastMinute").GetInt64() >= 24 && bucket.GetProperty("leased").GetInt64() == 0;
        });
        Assert.AreEqual(("route:public/few", "mobile", 0L, 6L), (bucket.GetProperty("limit").GetString(), bucket.GetProperty("subject").GetString(), bucket.GetProperty("level").GetInt64(), bucket.GetProperty("burst").GetInt64()));
        (await Gateways.RunAsync("", "limits", "grant", "route:public/few", "--subject", "mobile", "-t", _tenant, "--tokens", "2")).Ended(0);
        await ExpectAsync(2, 9, key);
        // What edges hold, or have spent and not told yet, is not put in again.
        await Eventually.TrueAsync("what was spent is told", async () => (await JsonAsync("get", "limits", "-t", _tenant)).Single().GetProperty("leased").GetInt64() == 0);
        (await Gateways.RunAsync("", "limits", "reset", "route:public/few", "--subject", "mobile", "-t", _tenant, "--reason", "a mistake of ours")).Ended(0);
        await ExpectAsync(6, 9, key);
        var audit = await JsonAsync("get", "audit", "-t", _tenant);
        Assert.AreSequenceEqual(new[] { "limit.reset", "limit.granted" }, audit.Take(2).Select(e => e.GetProperty("action").GetString()));
        Assert.AreEqual("a mistake of ours", audit[0].GetProperty("reason").GetString());
    }

    [TestMethod]
    public async Task A_changed_rule_holds_everywhere_and_what_was_taken_stays_taken()
    {
        await ApplyAsync(route: "limits: [{ name: few, rate: 1/h, burst: 3 }]");
        await ExpectAsync(3, 9);
        await ApplyAsync(route: "limits: [{ name: few, rate: 1/h, burst: 30 }]");
        Assert.AreEqual(0, await PassedAsync(9), "A window that began before is bounded by the old rule.");
        await ApplyAsync(route: "limits: [{ name: few, rate: 1000/s, burst: 30 }]");
        await Eventually.TrueAsync("the new rate refills", async () => await PassedAsync(9) == 9);
    }

    [TestMethod]
    public async Task Each_edge_lets_as_many_be_under_way_as_may()
    {
        var release = new SemaphoreSlim(0);
        var usual = Gateways.Upstream.Answer;
        Gateways.Upstream.Answer = http => http.Request.Path.StartsWithSegments($"/open/{_tenant}", StringComparison.Ordinal) ? release.WaitAsync(http.RequestAborted) : usual(http);
        await ApplyAsync(route: "concurrency: [{ name: one, most: 1 }]");
        var under = Gateways.Edges.Select((_, edge) => StatusAsync(edge)).ToArray();
        await Eventually.TrueAsync("one is under way on each", () => Task.FromResult(Seen() == under.Length));
        for (var i = 0; i < 6; i++) Assert.AreEqual(429, await StatusAsync(i));
        release.Release(1000);
        foreach (var status in await Task.WhenAll(under)) Assert.AreEqual(200, status);
        for (var edge = 0; edge < under.Length; edge++) Assert.AreEqual(200, await StatusAsync(edge));
    }

    [TestMethod]
    public async Task Usage_equals_what_the_upstream_counted()
    {
        await ApplyAsync(plan: "limits: [{ name: some, rate: 1/h, burst: 50 }]", auth: "[key]");
        var (mobile, web) = (await KeyAsync("mobile"), await KeyAsync("web"));
        var passed = (Mobile: await PassedAsync(70, mobile), Web: await PassedAsync(20, web));
        for (var i = 0; i < 5; i++) Assert.AreEqual(401, await StatusAsync(i));
        Assert.IsLessThanOrEqualTo(50, passed.Mobile);
        await Eventually.TrueAsync("all of it is shipped", async () => (await JsonAsync("usage", "-t", _tenant)).Sum(r => r.GetProperty("requests").GetInt64()) == 95);
        var rows = (await JsonAsync("usage", "-t", _tenant, "--by", "consumer,service,route")).ToDictionary(r => r.GetProperty("consumer").GetString() ?? "");
        Assert.AreEqual((70L, 70L - passed.Mobile), Counts(rows["mobile"]));
        Assert.AreEqual((20L, 20L - passed.Web), Counts(rows["web"]));
        Assert.AreEqual((5L, 5L), Counts(rows[""]));
        Assert.AreEqual(("orders", "public"), (rows["web"].GetProperty("service").GetString(), rows["web"].GetProperty("route").GetString()));
        Assert.AreEqual(Seen(), rows.Values.Sum(r => Counts(r).Requests - Counts(r).Refused));
        // What the gateway answers itself has a body too.
        var answered = rows["web"].GetProperty("bytesOut").GetInt64();
        if (passed.Web == 20) Assert.AreEqual(20L * $"/open/{_tenant}".Length, answered);
        else Assert.IsGreaterThan((long)passed.Web * $"/open/{_tenant}".Length, answered);
    }

    [TestMethod]
    [DataRow("rate: 0/s, burst: 1", "rate")]
    [DataRow("rate: 1/s, burst: 0", "burst")]
    [DataRow("rate: -5/s, burst: 1", "rate")]
    [DataRow("rate: 99999999999999999999/s, burst: 1", "rate")]
    [DataRow("rate: 1/h, burst: 9223372036854775807", "burst")]
    [DataRow("rate: 1/s, burst: 1, by: [nonsense]", "nonsense")]
    public async Task A_rule_that_makes_no_sense_is_refused(string rule, string named)
    {
        var run = await Gateways.RunAsync(Configuration($"limits: [{{ name: odd, {rule} }}]", "", "none"), "apply", "-f", "-");
        Assert.Contains(named, run.Ended(1).Error);
    }

    /// <summary>An admission is somewhere between a request's beginning and its end: what lies wholly within a window was admitted in it.</summary>
    private static (long Requests, long Refused) Counts(JsonElement row) => (row.GetProperty("requests").GetInt64(), row.GetProperty("refused").GetInt64());

    private string Configuration(string route, string plan, string auth) => $$"""
        {{Configurations.Platform}}
        tenants:
          - slug: {{_tenant}}
            policies: [{ name: all, cedar: 'permit(principal, action, resource);' }]
            plans: [{ name: p{{(plan.Length > 0 ? $", {plan}" : "")}} }]
            services: [{ slug: orders, destinations: [{ url: "{{Gateways.Upstream.Url}}" }] }]
            consumers: [{ name: mobile, plan: p }, { name: web, plan: p }]
            routes: [{ name: public, service: orders, auth: {{auth}}, match: { paths: ["/open/**"] }{{(route.Length > 0 ? $", {route}" : "")}} }]
        """;

    private async Task ApplyAsync(string route = "", string plan = "", string auth = "none")
    {
        (await Gateways.RunAsync(Configuration(route, plan, auth), "apply", "-f", "-")).Ended(0);
        await Gateways.CaughtUpAsync();
    }

    private async Task<string> KeyAsync(string consumer)
    {
        var run = (await Gateways.RunAsync("", "create", "key", "-t", _tenant, "--consumer", consumer, "-o", "json")).Ended(0);
        await Gateways.CaughtUpAsync();
        return run.Json.GetProperty("key").GetString() ?? "";
    }

    private async Task<JsonElement[]> JsonAsync(params string[] arguments) => [.. (await Gateways.RunAsync("", [.. arguments, "-o", "json"])).Ended(0).Json.EnumerateArray()];

    private async Task<int> StatusAsync(int edge, string? key = null, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{_tenant}/open/{_tenant}");
        if (key is not null) request.Headers.Add("X-API-Key", key);
        if (header is { } some) request.Headers.Add(some.Name, some.Value);
        using var answer = await Gateways.Edges[edge % Gateways.Edges.Count].SendAsync(request);
        return (int)answer.StatusCode;
    }

    /// <summary>
    /// So many requests pass, the last of them perhaps later: an edge may have had a token in hand that another lacked, which goes back in a while, or the owner was
    /// slow to answer. And not one more.
    /// </summary>
    /// <param name="at">Requests that are sent at once.</param>
    private async Task ExpectAsync(int total, int at, string? key = null, Func<int, (string, string)>? header = null)
    {
        var passed = await PassedAsync(at, key, header);
        Assert.IsLessThanOrEqualTo(total, passed);
        var edge = 0;
        if (passed < total) await Eventually.TrueAsync($"{total} pass", async () => (passed += await PassedAsync(1, key, header, edge++)) == total);
        Assert.AreEqual(0, await PassedAsync(9, key, header));
    }

    /// <summary>On some edge, some time: another may have had the tokens in hand.</summary>
    private Task PassesAsync((string Name, string Value) header)
    {
        var edge = 0;
        return Eventually.TrueAsync($"{header} passes", async () => await StatusAsync(edge++, header: header) == 200);
    }

    /// <summary>One after another.</summary>
    private async Task<int> PassedAsync(int requests, string? key = null, Func<int, (string, string)>? header = null, int edge = 0)
    {
        var passed = 0;
        for (var i = 0; i < requests; i++)
        {
            var status = await StatusAsync(edge + i, key, header?.Invoke(i));
            Assert.IsTrue(status is 200 or 429, $"{status}");
            if (status == 200) passed++;
        }
        return passed;
    }

    /// <summary>Requests of this test that the upstream saw.</summary>
    private int Seen() => Gateways.Upstream.Seen.Count(r => r.Target == $"/open/{_tenant}");
}
