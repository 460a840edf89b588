using System.Net.Http.Json;
using System.Text.Json;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Limits;

[TestClass]
public sealed class QuotaTests
{
    private readonly FakeClock _clock = new();

    [TestMethod]
    public async Task A_quota_is_a_consumers_own_and_begins_anew_with_its_window()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await StartAsync(upstream.Url, "{ name: daily, amount: 3, per: day }");
        var (mobile, web) = (await edge.AddKeyAsync("acme", "mobile"), await edge.AddKeyAsync("acme", "web"));
        for (var i = 0; i < 3; i++) Assert.AreEqual(200, await edge.StatusAsync("/a", mobile));
        using (var refused = await edge.GetAsync("/a", mobile))
        {
            Assert.AreEqual(429, (int)refused.StatusCode);
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.AreEqual(("urn:drizzle:quota-exceeded", "daily"), (problem.GetProperty("type").GetString(), problem.GetProperty("limit").GetString()));
            // The clock began at midnight of UTC, which is one o'clock in Berlin.
            Assert.AreEqual(TimeSpan.FromHours(23), refused.Headers.RetryAfter?.Delta);
            Assert.AreEqual("\"daily\";r=0;t=82800", refused.Headers.GetValues("RateLimit").Single());
        }
        Assert.AreEqual(200, await edge.StatusAsync("/a", web));
        _clock.Advance(TimeSpan.FromHours(23));
        Assert.AreEqual(200, await edge.StatusAsync("/a", mobile));
    }

    [TestMethod]
    public async Task A_quota_by_client_id_counts_each_id_inside_the_consumer()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await StartAsync(upstream.Url, "{ name: ids, amount: 2, per: day, by: [clientId] }, { name: all, amount: 3, per: day }");
        var mobile = await edge.AddKeyAsync("acme", "mobile");
        Assert.AreEqual(200, await edge.StatusAsync("/a", mobile, r => r.Headers.Add("X-Client-ID", "1")));
        Assert.AreEqual(200, await edge.StatusAsync("/a", mobile, r => r.Headers.Add("X-Client-ID", "1")));
        Assert.AreEqual(429, await edge.StatusAsync("/a", mobile, r => r.Headers.Add("X-Client-ID", "1")));
        Assert.AreEqual(200, await edge.StatusAsync("/a", mobile, r => r.Headers.Add("X-Client-ID", "2")));
        Assert.AreEqual(429, await edge.StatusAsync("/a", mobile, r => r.Headers.Add("X-Client-ID", "3")));
    }

    [TestMethod]
    public async Task What_a_limit_refuses_costs_the_quota_nothing_and_what_a_quota_refuses_costs_the_limits_nothing()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await StartAsync(upstream.Url, "{ name: daily, amount: 3, per: day }", ", limits: [{ name: second, rate: 1/s, burst: 1 }]");
        var mobile = await edge.AddKeyAsync("acme", "mobile");
        for (var i = 0; i < 3; i++)
        {
            Assert.AreEqual(200, await edge.StatusAsync("/a", mobile));
            for (var j = 0; j < 5; j++) Assert.AreEqual(429, await edge.StatusAsync("/a", mobile));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        using var refused = await edge.GetAsync("/a", mobile);
        Assert.AreEqual("daily", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("limit").GetString());
        var web = await edge.AddKeyAsync("acme", "web");
        Assert.AreEqual(200, await edge.StatusAsync("/a", web), "The limit's one token is still there.");
    }

    [TestMethod]
    public async Task A_restart_remembers_what_was_used()
    {
        using var folder = new TestFolder();
        await using var upstream = await TestUpstream.StartAsync();
        string key;
        await using (var edge = await StartAsync(upstream.Url, "{ name: daily, amount: 3, per: day }", folder: folder))
        {
            key = await edge.AddKeyAsync("acme", "mobile");
            Assert.AreEqual(200, await edge.StatusAsync("/a", key));
            Assert.AreEqual(200, await edge.StatusAsync("/a", key));
        }
        await using var again = await RunningEdge.StartAsync(null, clock: _clock, folder: folder);
        Assert.AreEqual(200, await again.StatusAsync("/a", key));
        Assert.AreEqual(429, await again.StatusAsync("/a", key));
    }

    [TestMethod]
    public async Task A_larger_amount_holds_within_a_second_or_so_and_costs_count()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await StartAsync(upstream.Url, "{ name: daily, amount: 4, per: day }", ", cost: 2");
        var mobile = await edge.AddKeyAsync("acme", "mobile");
        Assert.AreEqual(200, await edge.StatusAsync("/a", mobile));
        Assert.AreEqual(200, await edge.StatusAsync("/a", mobile));
        Assert.AreEqual(429, await edge.StatusAsync("/a", mobile));
        await edge.ApplyAsync(Configuration(upstream.Url, "{ name: daily, amount: 6, per: day }", ", cost: 2"));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.AreEqual(200, await edge.StatusAsync("/a", mobile));
        Assert.AreEqual(429, await edge.StatusAsync("/a", mobile));
    }

    [TestMethod]
    public async Task Many_at_once_get_exactly_the_amount()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Configuration(upstream.Url, "{ name: monthly, amount: 150, per: month, onFailure: deny }", ""));
        var mobile = await edge.AddKeyAsync("acme", "mobile");
        var statuses = new List<int>();
        for (var round = 0; round < 10; round++) statuses.AddRange(await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => edge.StatusAsync("/a", mobile))));
        Assert.IsTrue(statuses.All(s => s is 200 or 429));
        // A ledger that was slow has refused some that there was room for.
        await Eventually.TrueAsync(async () => upstream.Seen.Count == 150 || (await edge.StatusAsync("/a", mobile) == 200 && upstream.Seen.Count == 150), "the whole amount passes");
        for (var i = 0; i < 9; i++) Assert.AreEqual(429, await edge.StatusAsync("/a", mobile));
        Assert.HasCount(150, upstream.Seen);
    }

    private Task<RunningEdge> StartAsync(string upstream, string quotas, string route = "", TestFolder? folder = null) =>
        RunningEdge.StartAsync(Configuration(upstream, quotas, route), clock: _clock, folder: folder);

    private static string Configuration(string upstream, string quotas, string route) => Gateway.Open(upstream, route: route, more: $"    timeZone: Europe/Berlin\n    plans: [{{ name: p, quotas: [{quotas}] }}]")
        .Replace("auth: none", "auth: [key]", StringComparison.Ordinal)
        .Replace("[{ name: mobile }, { name: web }]", "[{ name: mobile, plan: p }, { name: web, plan: p }]", StringComparison.Ordinal);
}
