using Drizzle.Testing;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Tests.Hosting;

[TestClass]
public sealed class DrainTests
{
    [TestMethod]
    public async Task Readiness_goes_first_then_requests_in_flight_finish_then_the_port_closes()
    {
        var clock = new FakeClock();
        await using var upstream = await TestUpstream.StartAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        upstream.Answer = async http =>
        {
            if (http.Request.Path == "/slow") await release.Task;
            await http.Response.WriteAsync("done");
        };
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url), new EdgeOptions { DrainDelay = TimeSpan.FromSeconds(5), DrainTimeout = TimeSpan.FromSeconds(20) }, clock);
        Assert.AreEqual("ready\n", await edge.OperationsAsync("/readyz"));
        var slow = edge.GetAsync("/slow");
        await Eventually.TrueAsync(() => upstream.Seen.Any(s => s.Target == "/slow"), "the slow request upstream");

        var draining = edge.Host.DrainAsync(CancellationToken.None);
        Assert.AreEqual("draining\n", await edge.OperationsAsync("/readyz"));
        Assert.AreEqual("alive\n", await edge.OperationsAsync("/healthz"));
        Assert.AreEqual(200, await edge.StatusAsync("/x"), "Listeners stay open for the drain delay.");

        clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.TrueAsync(() => IsRefusedAsync(edge.Url), "the port closed");
        Assert.IsFalse(draining.IsCompleted);
        Assert.IsFalse(slow.IsCompleted);
        release.SetResult();

        using var answer = await slow;
        Assert.AreEqual("done", await answer.Content.ReadAsStringAsync());
        await draining.Soon();
        edge.IsDrained = true;
    }

    [TestMethod]
    public async Task What_does_not_end_within_the_drain_timeout_is_cut_off()
    {
        await using var upstream = RawUpstream.Silent();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, ", timeouts: { idle: 1h }"), new EdgeOptions { DrainTimeout = TimeSpan.FromMilliseconds(200) });
        var hanging = edge.GetAsync("/x");
        await Eventually.TrueAsync(() => upstream.Connections == 1, "the request upstream");
        await edge.Host.DrainAsync(CancellationToken.None).Soon();
        edge.IsDrained = true;
        await Assert.ThrowsAsync<HttpRequestException>(() => hanging);
    }

    private static async Task<bool> IsRefusedAsync(Uri url)
    {
        try
        {
            using var client = await RawClient.ConnectAsync(url);
            return false;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return true;
        }
    }
}
