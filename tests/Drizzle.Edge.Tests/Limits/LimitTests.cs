using System.Net.Http.Json;
using System.Text.Json;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Values;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Engine.Sql;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Limits;

[TestClass]
public sealed class LimitTests
{
    private readonly FakeClock _clock = new();

    [TestMethod]
    [DataRow("tenant", "/a", "", "/orders/b", "")]
    [DataRow("service", "/a", "", "/orders/b", "")]
    [DataRow("route", "/a", "", "/a/b", "")]
    [DataRow("platform", "/a", "", "/second", "")]
    [DataRow("address", "/a", "", "/second", "")]
    [DataRow("header:X-User", "/a", "X-User: 1", "/a", "x-user: 1")]
    public async Task Two_requests_that_a_key_does_not_tell_apart_share_a_bucket(string by, string first, string firstHeader, string second, string secondHeader)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Limited(upstream.Url, by), clock: _clock);
        Assert.AreEqual(200, await edge.StatusAsync(first, change: r => Add(r, firstHeader)));
        Assert.AreEqual(429, await edge.StatusAsync(second, change: r => Add(r, secondHeader)));
        Assert.HasCount(1, upstream.Seen);
    }

    [TestMethod]
    [DataRow("route", "/a", "", "/second", "")]
    [DataRow("service", "/a", "", "/other", "")]
    [DataRow("header:X-User", "/a", "X-User: 1", "/a", "X-User: 2")]
    [DataRow("header:X-User", "/a", "X-User: 1", "/a", "")]
    [DataRow("address", "/a", "X-Forwarded-For: 198.51.100.1", "/a", "X-Forwarded-For: 198.51.100.2")]
    [DataRow("address", "/a", "X-Forwarded-For: 2001:db8:0:1::1", "/a", "X-Forwarded-For: 2001:db8:0:2::1")]
    [DataRow("clientId", "/a", "X-Client-ID: 1", "/a", "X-Client-ID: 2")]
    public async Task Two_requests_that_a_key_tells_apart_have_buckets_of_their_own(string by, string first, string firstHeader, string second, string secondHeader)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Limited(upstream.Url, by), clock: _clock);
        Assert.AreEqual(200, await edge.StatusAsync(first, change: r => Add(r, firstHeader)));
        Assert.AreEqual(200, await edge.StatusAsync(second, change: r => Add(r, secondHeader)));
        Assert.AreEqual(429, await edge.StatusAsync(first, change: r => Add(r, firstHeader)));
    }

    [TestMethod]
    public async Task Addresses_of_one_IPv6_network_share_a_bucket()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Limited(upstream.Url, "address"), clock: _clock);
        Assert.AreEqual(200, await edge.StatusAsync("/a", change: r => Add(r, "X-Forwarded-For: 2001:db8:0:1::1")));
        Assert.AreEqual(429, await edge.StatusAsync("/a", change: r => Add(r, "X-Forwarded-For: 2001:db8:0:1:ffff:ffff:ffff:ffff")));
    }

    [TestMethod]
    public async Task Consumers_and_keys_have_buckets_of_their_own()
    {
        await using var upstream = await TestUpstream.StartAsync();
        var config = Gateway.Open(upstream.Url, route: ", limits: [{ name: c, rate: 1/h, burst: 2, by: [consumer] }, { name: k, rate: 1/h, burst: 1, by: [key] }]").Replace("auth: none", "auth: [key]", StringComparison.Ordinal);
        await using var edge = await RunningEdge.StartAsync(config, clock: _clock);
        var first = await edge.AddKeyAsync("acme", "mobile");
        var second = await edge.AddKeyAsync("acme", "mobile");
        var third = await edge.AddKeyAsync("acme", "mobile");
        var other = await edge.AddKeyAsync("acme", "web");
        Assert.AreEqual(200, await edge.StatusAsync("/a", first));
        Assert.AreEqual(429, await edge.StatusAsync("/a", first), "The key's bucket is empty.");
        Assert.AreEqual(200, await edge.StatusAsync("/a", second));
        Assert.AreEqual(429, await edge.StatusAsync("/a", third), "The consumer's bucket is empty.");
        Assert.AreEqual(200, await edge.StatusAsync("/a", other));
    }

    [TestMethod]
    public async Task A_client_id_adds_a_limit_inside_the_consumers_and_never_leaves_it()
    {
        await using var upstream = await TestUpstream.StartAsync();
        var config = Gateway.Open(upstream.Url, route: ", limits: [{ name: id, rate: 1/h, burst: 2, by: [clientId] }, { name: c, rate: 1/h, burst: 3, by: [consumer] }]").Replace("auth: none", "auth: [key]", StringComparison.Ordinal);
        await using var edge = await RunningEdge.StartAsync(config, clock: _clock);
        var mobile = await edge.AddKeyAsync("acme", "mobile");
        var web = await edge.AddKeyAsync("acme", "web");
        Assert.AreEqual(200, await edge.StatusAsync("/a", mobile, r => Add(r, "X-Client-ID: 1")));
        Assert.AreEqual(200, await edge.StatusAsync("/a", mobile, r => Add(r, "X-Client-ID: 1")));
        Assert.AreEqual(429, await edge.StatusAsync("/a", mobile, r => Add(r, "X-Client-ID: 1")));
        Assert.AreEqual(200, await edge.StatusAsync("/a", web, r => Add(r, "X-Client-ID: 1")));
        Assert.AreEqual(200, await edge.StatusAsync("/a", mobile, r => Add(r, "X-Client-ID: 2")));
        Assert.AreEqual(429, await edge.StatusAsync("/a", mobile, r => Add(r, "X-Client-ID: 3")));
    }

    [TestMethod]
    [DataRow("a\tb")]
    [DataRow("a\u0001b")]
    [DataRow("ä")]
    [DataRow("long")]
    [DataRow("two")]
    public async Task A_client_id_that_is_no_plain_text_of_some_characters_is_refused(string id)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));
        var headers = id switch { "long" => $"X-Client-ID: {new string('a', 10_240)}\r\n", "two" => "X-Client-ID: 1\r\nX-Client-ID: 2\r\n", _ => $"X-Client-ID: {id}\r\n" };
        Assert.AreEqual(400, RawClient.StatusOf(await RawClient.ExchangeAsync(edge.Url, $"GET /a HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}\r\n")));
        Assert.IsEmpty(upstream.Seen);
    }

    [TestMethod]
    public async Task A_refused_request_costs_nothing_anywhere()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(
            Gateway.Open(upstream.Url, ", limits: [{ name: wide, rate: 1/h, burst: 3 }]", ", limits: [{ name: narrow, rate: 1/h, burst: 1, by: [\"header:X-User\"] }]"), clock: _clock);
        Assert.AreEqual(200, await edge.StatusAsync("/a", change: r => Add(r, "X-User: 1")));
        for (var i = 0; i < 10; i++)
        {
            using var refused = await edge.GetAsync("/a", change: r => Add(r, "X-User: 1"));
            Assert.AreEqual("narrow", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("limit").GetString());
        }
        Assert.AreEqual(200, await edge.StatusAsync("/a", change: r => Add(r, "X-User: 2")));
        Assert.AreEqual(200, await edge.StatusAsync("/a", change: r => Add(r, "X-User: 3")));
        Assert.AreEqual(429, await edge.StatusAsync("/a", change: r => Add(r, "X-User: 4")));
    }

    [TestMethod]
    public async Task The_address_limit_is_charged_before_matching_and_has_its_own_429()
    {
        await using var upstream = await TestUpstream.StartAsync();
        var config = Gateway.Open(upstream.Url).Replace("rate: 1000000/s, burst: 1000000", "rate: 1/m, burst: 2", StringComparison.Ordinal);
        await using var edge = await RunningEdge.StartAsync(config, clock: _clock);
        Assert.AreEqual(404, await edge.StatusAsync("/x", change: r => r.Headers.Host = "nobody.test"));
        Assert.AreEqual(200, await edge.StatusAsync("/x"));
        using var refused = await edge.GetAsync("/x", change: r => r.Headers.Host = "nobody.test");
        Assert.AreEqual(429, (int)refused.StatusCode);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.AreEqual("address", problem.GetProperty("limit").GetString());
        Assert.IsFalse(problem.TryGetProperty("tenant", out _));
        Assert.IsTrue(refused.Headers.RetryAfter?.Delta is { } after && after >= TimeSpan.FromSeconds(60) && after <= TimeSpan.FromSeconds(66), refused.Headers.RetryAfter?.ToString());

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.AreEqual(200, await edge.StatusAsync("/x"));
    }

    [TestMethod]
    public async Task A_cost_takes_as_many_tokens_and_one_above_the_burst_is_always_refused()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, ", limits: [{ name: five, rate: 1/s, burst: 5 }]", ", cost: 2", """
                  - { name: dear, service: orders, auth: none, cost: 6, match: { paths: [/dear] } }
            """), clock: _clock);
        Assert.AreEqual(429, await edge.StatusAsync("/dear"));
        using var first = await edge.GetAsync("/a");
        Assert.AreEqual("3", first.Headers.GetValues("X-RateLimit-Remaining").Single());
        Assert.AreEqual(200, await edge.StatusAsync("/a"));
        Assert.AreEqual(429, await edge.StatusAsync("/a"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.AreEqual(200, await edge.StatusAsync("/a"));
    }

    [TestMethod]
    public async Task Eight_threads_together_are_never_admitted_one_too_many()
    {
        using var folder = new TestFolder();
        await using var engine = await SqliteEngine.OpenAsync(folder.Path, _clock, CancellationToken.None);
        var narrow = BucketRule.Of(Rate.PerSecondOf(10), 50);
        var wide = BucketRule.Of(Rate.PerSecondOf(20), 90);
        for (var second = 0; second < 20; second++)
        {
            var admitted = new int[2];
            var threads = Enumerable.Range(0, 8).Select(t => new Thread(() =>
            {
                var answers = new BucketAnswer[2];
                for (var i = 0; i < 500; i++)
                {
                    BucketCharge[] charges = [new(new("wide", ""), wide, 1), new(new("narrow", (i % 2).ToString()), narrow, 1)];
                    if (engine.Buckets.Charge(charges, answers).IsAdmitted) Interlocked.Increment(ref admitted[i % 2]);
                }
            })).ToArray();
            foreach (var thread in threads) thread.Start();
            foreach (var thread in threads) thread.Join();

            var expected = second == 0 ? 90 : 20;
            Assert.IsTrue(admitted[0] <= (second == 0 ? 50 : 90), $"second {second}: {admitted[0]}");
            Assert.IsTrue(admitted.Sum() <= expected, $"second {second}: {admitted.Sum()}");
            // Nothing is lost either: who is refused by one bucket gives the other back.
            Assert.IsTrue(admitted.Sum() >= expected - 8, $"second {second}: {admitted.Sum()}");
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [TestMethod]
    [DataRow("100/s", "1/h")]
    [DataRow("1/h", "100/s")]
    public async Task A_bucket_that_was_empty_is_empty_under_a_new_rate(string before, string after)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, $", limits: [{{ name: l, rate: {before}, burst: 10 }}]"), clock: _clock);
        for (var i = 0; i < 10; i++) Assert.AreEqual(200, await edge.StatusAsync("/a"));
        Assert.AreEqual(429, await edge.StatusAsync("/a"));

        await edge.ApplyAsync(Gateway.Open(upstream.Url, $", limits: [{{ name: l, rate: {after}, burst: 10 }}]"));

        Assert.AreEqual(429, await edge.StatusAsync("/a"), "A window that began before the change is bounded by the old rule.");
        _clock.Advance(after == "100/s" ? TimeSpan.FromSeconds(1) : TimeSpan.FromHours(1));
        Assert.AreEqual(200, await edge.StatusAsync("/a"), "From then on the new rate refills.");
    }

    [TestMethod]
    public async Task A_flood_of_subjects_of_one_limit_shares_a_thousand_buckets_and_other_limits_have_their_own()
    {
        using var folder = new TestFolder();
        await using var engine = await SqliteEngine.OpenAsync(folder.Path, _clock, CancellationToken.None);
        var rule = BucketRule.Of(new Rate(1, 'h'), 1);
        var admitted = 0;
        for (var i = 0; i < 1_000_000; i++) admitted += Take(engine, i, rule);
        Assert.IsTrue(admitted is >= 50_000 and <= 51_024, $"{admitted}");
        Assert.AreEqual(2000, Enumerable.Range(0, 2000).Sum(i => Take(engine, i, rule, "other")));

        // Full buckets are forgotten, and with them the shortage.
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.AreEqual(2000, Enumerable.Range(2_000_000, 2000).Sum(i => Take(engine, i, rule)));
    }

    private static int Take(SqliteEngine engine, int subject, BucketRule rule, string limit = "flood")
    {
        var charge = new BucketCharge(new(limit, subject.ToString()), rule, 1);
        var answer = default(BucketAnswer);
        return engine.Buckets.Charge(new(ref charge), new(ref answer)).IsAdmitted ? 1 : 0;
    }

    private static void Add(HttpRequestMessage request, string header)
    {
        if (header.Split(": ") is [var name, var value]) request.Headers.Add(name, value);
    }

    /// <summary>Burst 1 by this key: on the platform where the key is that, else on the tenant.</summary>
    private static string Limited(string url, string by)
    {
        var limit = $"limits: [{{ name: one, rate: 1/h, burst: 1, by: [\"{by}\"] }}]";
        var config = Gateway.Open(url, more: """
                  - { name: second, service: orders, auth: none, match: { paths: [/second] } }
                  - { name: other, service: other, auth: none, match: { paths: [/other] } }
            """).Replace("services: [", $"services: [{{ slug: other, destinations: [{{ url: \"{url}\" }}] }}, ", StringComparison.Ordinal)
            .Replace("platform: {", "platform: { trustedProxies: [127.0.0.1],", StringComparison.Ordinal);
        return by == "platform"
            ? config.Replace("burst: 1000000 }", $"burst: 1000000 }}, {limit}", StringComparison.Ordinal)
            : config.Replace("    hosts:", $"    {limit}\n    hosts:", StringComparison.Ordinal);
    }
}
