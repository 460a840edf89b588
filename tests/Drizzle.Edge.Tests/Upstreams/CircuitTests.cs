using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Edge.Upstreams;
using Drizzle.Testing;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Tests.Upstreams;

[TestClass]
public sealed class CircuitTests
{
    private static readonly CircuitBreaker Model = new() { Failures = 3, Window = new Duration(TimeSpan.FromSeconds(10)), OpenFor = new Duration(TimeSpan.FromSeconds(15)) };

    private readonly FakeClock _clock = new();

    [TestMethod]
    public async Task It_opens_refuses_with_Retry_After_lets_one_through_and_closes()
    {
        await using var upstream = await TestUpstream.StartAsync();
        upstream.Answer = Failing;
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, ", circuitBreaker: { failures: 3, window: 10s, openFor: 15s }"), clock: _clock);
        for (var i = 0; i < 3; i++) Assert.AreEqual(500, await edge.StatusAsync("/x"));

        _clock.Advance(TimeSpan.FromSeconds(5));
        using (var refused = await edge.GetAsync("/x"))
        {
            Assert.AreEqual(503, (int)refused.StatusCode);
            Assert.AreEqual(TimeSpan.FromSeconds(10), refused.Headers.RetryAfter?.Delta);
            Assert.Contains("urn:drizzle:circuit-open", await refused.Content.ReadAsStringAsync());
        }
        Assert.HasCount(3, upstream.Seen);

        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.AreEqual(500, await edge.StatusAsync("/x"), "One is let through, fails, and opens it again.");
        Assert.AreEqual(503, await edge.StatusAsync("/x"));

        upstream.Answer = http => http.Response.WriteAsync("ok");
        _clock.Advance(TimeSpan.FromSeconds(15));
        for (var i = 0; i < 5; i++) Assert.AreEqual(200, await edge.StatusAsync("/x"));
        Assert.HasCount(9, upstream.Seen);
    }

    [TestMethod]
    public async Task Half_open_lets_exactly_one_through_however_many_come()
    {
        await using var upstream = await TestUpstream.StartAsync();
        upstream.Answer = Failing;
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, ", circuitBreaker: { failures: 1, openFor: 15s }"), clock: _clock);
        Assert.AreEqual(500, await edge.StatusAsync("/x"));
        upstream.Seen.Clear();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        upstream.Answer = async http => await release.Task;
        _clock.Advance(TimeSpan.FromSeconds(15));

        var answers = Enumerable.Range(0, 50).Select(_ => edge.StatusAsync("/x")).ToArray();
        await Eventually.TrueAsync(() => answers.Count(a => a.IsCompleted) == 49, "49 requests refused");
        release.SetResult();

        Assert.AreEqual(1, (await Task.WhenAll(answers)).Count(s => s == 200));
        Assert.HasCount(1, upstream.Seen);
        Assert.AreEqual(200, await edge.StatusAsync("/x"));
    }

    [TestMethod]
    public void Failures_that_have_left_the_window_do_not_count()
    {
        var circuit = new Circuit(Model, _clock);
        for (var i = 0; i < 10; i++)
        {
            Assert.IsTrue(circuit.TryEnter(out _, out _));
            circuit.Failed(isProbe: false);
            _clock.Advance(TimeSpan.FromSeconds(5.1));
        }
        Assert.AreEqual(CircuitState.Closed, circuit.State);
    }

    [TestMethod]
    public void A_probe_that_was_abandoned_leaves_room_for_another()
    {
        var circuit = Opened();
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.IsTrue(circuit.TryEnter(out _, out _));
        Assert.IsFalse(circuit.TryEnter(out _, out _));
        circuit.Abandoned(isProbe: true);
        Assert.IsTrue(circuit.TryEnter(out _, out var isProbe));
        Assert.IsTrue(isProbe);
        circuit.Succeeded(isProbe);
        Assert.AreEqual(CircuitState.Closed, circuit.State);
    }

    [TestMethod]
    public void What_ends_while_the_circuit_is_open_does_not_close_it()
    {
        var circuit = Opened();
        circuit.Succeeded(isProbe: false);
        circuit.Abandoned(isProbe: false);
        Assert.AreEqual(CircuitState.Open, circuit.State);
        Assert.IsFalse(circuit.TryEnter(out var left, out _));
        Assert.AreEqual(TimeSpan.FromSeconds(15), left);
    }

    [TestMethod]
    public void What_began_before_the_circuit_opened_does_not_decide_for_the_probe()
    {
        var circuit = Opened();
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.IsTrue(circuit.TryEnter(out _, out _));
        circuit.Failed(isProbe: false);
        circuit.Succeeded(isProbe: false);
        Assert.AreEqual(CircuitState.HalfOpen, circuit.State);
        Assert.IsFalse(circuit.TryEnter(out _, out _));
    }

    private Circuit Opened()
    {
        var circuit = new Circuit(Model, _clock);
        for (var i = 0; i < 3; i++) circuit.Failed(isProbe: false);
        Assert.AreEqual(CircuitState.Open, circuit.State);
        return circuit;
    }

    private static Task Failing(HttpContext http)
    {
        http.Response.StatusCode = 500;
        return Task.CompletedTask;
    }
}
