using System.Net.Sockets;
using System.Net.WebSockets;
using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;
using Microsoft.AspNetCore.Http;

namespace Drizzle.EndToEnd;

[TestClass]
public sealed class ShutdownTests
{
    [TestMethod]
    public async Task SIGTERM_lets_a_request_in_flight_finish_and_takes_no_more()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await TestUpstream.StartAsync();
        upstream.Answer = async http =>
        {
            if (http.Request.Path != "/open/slow") return;
            arrived.SetResult();
            await release.Task.WaitAsync(Eventually.Patience);
            await http.Response.WriteAsync("done");
        };
        await using var drizzle = DrizzleProcess.Prepare(new("Drizzle__Edge__DrainDelay", "2s"), new("Drizzle__Edge__DrainTimeout", "20s"));
        await drizzle.StartAsync();
        await drizzle.ApplyAsync(Configurations.Acme(upstream.Url));
        var slow = drizzle.Gateway.GetAsync("/acme/open/slow");
        await arrived.Task.WaitAsync(Eventually.Patience);

        await drizzle.Program.TerminateAsync();

        await Eventually.TrueAsync("readiness goes false", async () => !await drizzle.IsReadyAsync());
        Assert.IsTrue(await ConnectsAsync(drizzle.GatewayPort), "Listeners stay open for the drain delay.");
        await Eventually.TrueAsync("new connections are refused", async () => !await ConnectsAsync(drizzle.GatewayPort));
        Assert.IsFalse(slow.IsCompleted);
        release.SetResult();
        using var answer = await slow;
        Assert.AreEqual(200, (int)answer.StatusCode);
        Assert.AreEqual("done", await answer.Content.ReadAsStringAsync());
        Assert.AreEqual(0, await drizzle.Program.ExitAsync(), drizzle.Program.Error);
        foreach (var port in (int[])[drizzle.GatewayPort, drizzle.OperationsPort, drizzle.AdminPort]) Assert.IsFalse(await ConnectsAsync(port));
    }

    [TestMethod]
    public async Task An_open_WebSocket_gets_its_grace_and_is_then_ended()
    {
        await using var upstream = await TestUpstream.StartAsync();
        upstream.Answer = EchoSockets.AnswerAsync;
        await using var drizzle = DrizzleProcess.Prepare(new KeyValuePair<string, string>("Drizzle__Edge__DrainTimeout", "3s"));
        await drizzle.StartAsync();
        await drizzle.ApplyAsync(Configurations.Acme(upstream.Url));
        using var socket = await EchoSockets.ConnectAsync(drizzle.GatewayPort, "/acme/open/ws");
        Assert.AreEqual("before", await EchoSockets.EchoAsync(socket, "before"));

        await drizzle.Program.TerminateAsync();
        await Eventually.TrueAsync("new connections are refused", async () => !await ConnectsAsync(drizzle.GatewayPort));

        Assert.AreEqual("within the grace", await EchoSockets.EchoAsync(socket, "within the grace"));
        Assert.AreEqual(0, await drizzle.Program.ExitAsync(), drizzle.Program.Error);
        await Assert.ThrowsExactlyAsync<WebSocketException>(() => EchoSockets.EchoAsync(socket, "after"));
    }

    [TestMethod]
    public async Task SIGTERM_without_traffic_ends_at_once()
    {
        await using var drizzle = DrizzleProcess.Prepare(new KeyValuePair<string, string>("Drizzle__Edge__DrainTimeout", "10m"));
        await drizzle.StartAsync();
        Assert.AreEqual(404, await drizzle.StatusOfAsync("/"));

        await drizzle.Program.TerminateAsync();

        Assert.AreEqual(0, await drizzle.Program.ExitAsync(), drizzle.Program.Error);
        Assert.AreEqual("", drizzle.Program.Error);
    }

    private static async Task<bool> ConnectsAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
