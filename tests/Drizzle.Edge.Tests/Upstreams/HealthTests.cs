using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Tests.Upstreams;

[TestClass]
public sealed class HealthTests
{
    [TestMethod]
    public async Task Passive_health_takes_a_failing_destination_out_and_brings_it_back()
    {
        var clock = new FakeClock();
        await using var good = await TestUpstream.StartAsync();
        await using var bad = await TestUpstream.StartAsync();
        bad.Answer = http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await using var edge = await RunningEdge.StartAsync(
            Gateway.Open([good.Url, bad.Url], ", health: { passive: { failureRate: 0.5, window: 30s, reactivateAfter: 1m } }"), clock: clock);
        for (var i = 0; i < 20; i++) await edge.StatusAsync("/x");
        Assert.HasCount(10, bad.Seen);

        for (var i = 0; i < 20; i++) Assert.AreEqual(200, await edge.StatusAsync("/x"));
        Assert.HasCount(10, bad.Seen);
        clock.Advance(TimeSpan.FromSeconds(59));
        for (var i = 0; i < 4; i++) Assert.AreEqual(200, await edge.StatusAsync("/x"));

        clock.Advance(TimeSpan.FromSeconds(1));
        bad.Answer = http => http.Response.WriteAsync("well again");
        for (var i = 0; i < 40; i++) Assert.AreEqual(200, await edge.StatusAsync("/x"));
        Assert.HasCount(30, bad.Seen);
    }

    [TestMethod]
    public async Task Fewer_than_ten_requests_are_not_judged_and_where_none_is_left_it_is_503()
    {
        using var port = DeadPort.Refusing();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(port.Url, ", health: { passive: { failureRate: 0.5 } }, retries: { attempts: 0 }"), clock: new FakeClock());
        for (var i = 0; i < 10; i++) Assert.AreEqual(502, await edge.StatusAsync("/x"));
        using var answer = await edge.GetAsync("/x");
        Assert.AreEqual(503, (int)answer.StatusCode);
        Assert.Contains("urn:drizzle:no-destination", await answer.Content.ReadAsStringAsync());
    }

    [TestMethod]
    public async Task Health_survives_an_edit_that_leaves_it_alone()
    {
        await using var good = await TestUpstream.StartAsync();
        using var port = DeadPort.Refusing();
        const string Health = ", health: { passive: { failureRate: 0.5 } }, retries: { attempts: 0 }";
        await using var edge = await RunningEdge.StartAsync(Gateway.Open([good.Url, port.Url], Health), clock: new FakeClock());
        for (var i = 0; i < 20; i++) await edge.StatusAsync("/x");
        await edge.ApplyAsync(Gateway.Open([good.Url, port.Url], Health + ", maxBody: 1MiB"));
        for (var i = 0; i < 10; i++) Assert.AreEqual(200, await edge.StatusAsync("/x"));
    }

    [TestMethod]
    public async Task Probes_take_a_destination_that_turned_bad_out_and_bring_it_back()
    {
        await using var upstream = await TestUpstream.StartAsync();
        var status = 200;
        upstream.Answer = http =>
        {
            http.Response.StatusCode = http.Request.Path == "/healthz" ? Volatile.Read(ref status) : 200;
            return Task.CompletedTask;
        };
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, ", health: { active: { path: /healthz, interval: 100ms, timeout: 1s, unhealthyAfter: 2 } }"));
        await Eventually.TrueAsync(() => upstream.Seen.Any(s => s.Target == "/healthz"), "a probe");
        Assert.AreEqual(200, await edge.StatusAsync("/x"));

        Volatile.Write(ref status, 500);
        await Eventually.TrueAsync(async () => await edge.StatusAsync("/x") == 503, "the destination out");
        Assert.Contains("drizzle_destination_up{tenant=\"acme\"", await edge.OperationsAsync("/metrics"));

        Volatile.Write(ref status, 200);
        await Eventually.TrueAsync(async () => await edge.StatusAsync("/x") == 200, "the destination back");

        await edge.ApplyAsync(Gateway.Open(upstream.Url));
        // A probe that was under way when the edit came may still arrive; a hundred requests later none does.
        var probes = -1;
        await Eventually.TrueAsync(async () =>
        {
            var before = probes;
            for (var i = 0; i < 100; i++) await edge.StatusAsync("/x");
            probes = upstream.Seen.Count(s => s.Target == "/healthz");
            return before == probes;
        }, "no more probes");
    }

    [TestMethod]
    public async Task An_affinity_cookie_keeps_a_client_where_it_is_until_that_is_gone()
    {
        await using var one = await TestUpstream.StartAsync();
        await using var two = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open([one.Url, two.Url], ", affinity: { cookie: sticky }"));
        using var first = await edge.GetAsync("/x");
        var cookie = first.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("HttpOnly", cookie);
        var (kept, other) = one.Seen.IsEmpty ? (two, one) : (one, two);

        for (var i = 0; i < 10; i++)
        {
            using var answer = await edge.GetAsync("/x", change: r => r.Headers.Add("Cookie", cookie.Split(';')[0]));
            Assert.IsFalse(answer.Headers.Contains("Set-Cookie"));
        }
        Assert.HasCount(11, kept.Seen);

        await edge.ApplyAsync(Gateway.Open(other.Url, ", affinity: { cookie: sticky }"));
        using var moved = await edge.GetAsync("/x", change: r => r.Headers.Add("Cookie", cookie.Split(';')[0]));
        Assert.AreNotEqual(cookie, moved.Headers.GetValues("Set-Cookie").Single());
        Assert.HasCount(1, other.Seen);
    }
}
