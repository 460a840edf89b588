using System.Net.Http.Json;
using System.Text.Json;
using Drizzle.Edge.Explaining;
using Drizzle.Edge.Limits;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Limits;

[TestClass]
public sealed class ConcurrencyTests
{
    [TestMethod]
    [DataRow(", concurrency: [{ name: few, most: 2 }]", "", "")]
    [DataRow("", ", concurrency: [{ name: few, most: 2 }]", "")]
    [DataRow("", "", "    concurrency: [{ name: few, most: 2 }]")]
    [DataRow("", "", "    concurrency: [{ name: few, most: 2 }, { name: other, most: 2, by: [address] }]")]
    public async Task As_many_as_may_are_under_way_and_the_next_passes_when_one_has_ended(string service, string route, string tenant)
    {
        await using var upstream = await TestUpstream.StartAsync();
        var release = new SemaphoreSlim(0);
        upstream.Answer = http => release.WaitAsync(http.RequestAborted);
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, service, route, tenant));
        var first = edge.StatusAsync("/a");
        var second = edge.StatusAsync("/a");
        await Eventually.TrueAsync(() => Task.FromResult(upstream.Seen.Count == 2), "two are under way");
        using (var refused = await edge.GetAsync("/a"))
        {
            Assert.AreEqual(429, (int)refused.StatusCode);
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.AreEqual(("urn:drizzle:concurrency-exceeded", "few"), (problem.GetProperty("type").GetString(), problem.GetProperty("limit").GetString()));
            Assert.AreEqual(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        }
        release.Release();
        Assert.AreEqual(200, await await Task.WhenAny(first, second));
        release.Release(2);
        Assert.AreEqual(200, await edge.StatusAsync("/a"));
        Assert.AreEqual(200, await first);
        Assert.AreEqual(200, await second);
    }

    [TestMethod]
    public async Task A_client_that_goes_away_or_a_refusal_later_on_leaves_room()
    {
        await using var upstream = await TestUpstream.StartAsync();
        upstream.Answer = http => http.Request.Path == "/hang" ? new TaskCompletionSource().Task.WaitAsync(http.RequestAborted) : Task.CompletedTask;
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, ", concurrency: [{ name: few, most: 1 }]", ", limits: [{ name: two, rate: 1/h, burst: 2 }]"));
        using (var gone = new CancellationTokenSource())
        {
            var hanging = edge.Client.GetAsync("/hang", gone.Token);
            await Eventually.TrueAsync(() => Task.FromResult(upstream.Seen.Count == 1), "it is under way");
            await gone.CancelAsync();
            await Assert.ThrowsAsync<OperationCanceledException>(() => hanging);
        }
        await Eventually.TrueAsync(async () => await edge.StatusAsync("/a") == 200, "there is room again");
        for (var i = 0; i < 3; i++)
        {
            using var refused = await edge.GetAsync("/a");
            Assert.AreEqual("two", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("limit").GetString(), "The room was left each time.");
        }
    }

    [TestMethod]
    public void Eight_threads_are_never_inside_one_too_many_and_empty_gates_go()
    {
        var gates = new ConcurrencyGates();
        CompiledConcurrency[] limits = [new("acme/few", "few", "acme", 3, new LimitKeys([], "tenant"))];
        var (inside, most, entered) = (0, 0, 0);
        var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var exchange = AskedRequest.Of(new() { Url = "/a" }, TimeProvider.System);
                if (gates.TryEnter(limits, exchange) is not null) continue;
                InterlockedMax(ref most, Interlocked.Increment(ref inside));
                Interlocked.Increment(ref entered);
                Interlocked.Decrement(ref inside);
                gates.Leave(exchange);
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.IsTrue(most is > 0 and <= 3, $"{most}");
        Assert.IsGreaterThan(0, entered);
        Assert.AreEqual(0, gates.Count);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value; seen = Volatile.Read(ref target)) Interlocked.CompareExchange(ref target, value, seen);
    }
}
