using System.Net.WebSockets;
using System.Text.Json;
using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

/// <summary>A change that is waited for is in force where its receipt says so, and where it is not, the receipt says that.</summary>
public abstract class ReceiptTests(int silos)
{
    [TestMethod]
    public async Task A_receipt_tells_the_truth_of_every_edge()
    {
        await using var upstream = await TestUpstream.StartAsync();
        upstream.Answer = EchoSockets.AnswerAsync;
        await using var cluster = await Cluster.PrepareAsync(edges: 2, silos);
        await cluster.StartServersAsync();
        var first = (await cluster.RunAsync(Configurations.Acme(upstream.Url), "apply", "-f", "-", "--wait")).Ended(0);
        Assert.Contains("No edge runs", first.Error);
        foreach (var edge in cluster.Edges) await edge.StartAsync();
        foreach (var edge in cluster.Edges) await edge.ReadyAsync();

        await A_key_that_is_revoked_is_dead_at_once(cluster);
        await What_an_edge_refuses_is_not_confirmed(cluster, upstream.Url);
        await An_edge_that_does_not_answer_is_named(cluster);
        await An_edge_that_ends_in_good_order_is_waited_for_no_more(cluster);
    }

    private static async Task A_key_that_is_revoked_is_dead_at_once(Cluster cluster)
    {
        var made = (await cluster.RunAsync("", "create", "key", "-t", "acme", "--consumer", "mobile", "-o", "json", "--wait")).Ended(0).Json;
        var key = made.GetProperty("key").GetString() ?? "";
        var sockets = new List<ClientWebSocket>();
        foreach (var edge in cluster.Edges)
        {
            sockets.Add(await EchoSockets.ConnectAsync(edge.Port, "/acme/orders/ws", key));
            Assert.AreEqual("alive", await EchoSockets.EchoAsync(sockets[^1], "alive"));
        }

        var revoked = (await cluster.RunAsync("", "revoke", "key", made.GetProperty("prefix").GetString() ?? "", "-t", "acme", "--wait")).Ended(0);

        Assert.Contains("edge-0: applied", revoked.Error);
        Assert.Contains("edge-1: applied", revoked.Error);
        foreach (var edge in cluster.Edges) Assert.AreEqual(401, await edge.StatusOfAsync("/acme/orders/1", key));
        foreach (var socket in sockets)
        {
            await Assert.ThrowsAsync<WebSocketException>(() => EchoSockets.EchoAsync(socket, "dead?"));
            socket.Dispose();
        }
    }

    private static async Task What_an_edge_refuses_is_not_confirmed(Cluster cluster, string url)
    {
        var service = $$"""{"slug":"secure","destinations":[{"url":"{{url}}"}],"tls":{"caFile":"/nowhere/ca.pem"} }""";
        var answer = (await cluster.Api.SendAsync("POST", "/v1/tenants/acme/services?wait=applied&timeout=30s", service)).IsDone().Body.GetProperty("receipt");
        Assert.IsFalse(answer.GetProperty("confirmed").GetBoolean());
        foreach (var edge in answer.GetProperty("edges").EnumerateArray())
        {
            Assert.AreEqual("refused", edge.GetProperty("state").GetString());
            Assert.Contains("/nowhere/ca.pem", edge.GetProperty("reason").GetString() ?? "");
        }
        Assert.Contains("/nowhere/ca.pem", (await cluster.RunAsync("", "status")).Ended(0).Out);

        var mended = (await cluster.Api.SendAsync("DELETE", "/v1/tenants/acme/services/secure?wait=applied&timeout=30s")).IsDone().Body.GetProperty("receipt");
        Assert.IsTrue(mended.GetProperty("confirmed").GetBoolean());
        Assert.IsTrue(mended.GetProperty("edges").EnumerateArray().All(e => e.GetProperty("at").GetDateTimeOffset() > DateTimeOffset.UnixEpoch));
    }

    private static async Task An_edge_that_does_not_answer_is_named(Cluster cluster)
    {
        await cluster.Edges[1].Program.SignalAsync("STOP");
        var run = (await cluster.RunAsync("", "create", "consumer", "web", "-t", "acme", "--wait", "--timeout", "1s")).Ended(1);
        Assert.Contains("edge-0: applied", run.Error);
        Assert.Contains("edge-1: unconfirmed", run.Error);
        await cluster.Edges[1].Program.SignalAsync("CONT");

        var revision = JsonElement.Parse((await cluster.RunAsync("", "status", "-o", "json")).Ended(0).Out).GetProperty("revision").GetInt64();
        var receipt = (await cluster.Api.GetAsync($"/v1/revisions/{revision}/receipt?timeout=30s")).IsDone().Body;
        Assert.IsTrue(receipt.GetProperty("confirmed").GetBoolean(), receipt.ToString());
    }

    private static async Task An_edge_that_ends_in_good_order_is_waited_for_no_more(Cluster cluster)
    {
        await cluster.Edges[1].Program.TerminateAsync();
        await cluster.Edges[1].Program.ExitAsync();
        var run = (await cluster.RunAsync("", "delete", "consumer", "web", "-t", "acme", "--wait")).Ended(0);
        Assert.Contains("edge-0: applied", run.Error);
        Assert.DoesNotContain("edge-1", run.Error);

        // One that was killed may still serve for all that is known; its operator knows better.
        await cluster.Edges[0].Program.KillAsync();
        (await cluster.RunAsync("", "create", "consumer", "web", "-t", "acme", "--wait", "--timeout", "1s")).Ended(1);
        (await cluster.RunAsync("", "delete", "edge", "edge-0")).Ended(0);
        (await cluster.RunAsync("", "delete", "consumer", "web", "-t", "acme", "--wait")).Ended(0);
    }
}
