using System.Net.WebSockets;
using System.Text;
using Drizzle.Contracts.Model;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Tests.Access;

/// <summary>A key that is revoked is dead once the edge says that it has applied it: what it has open included.</summary>
[TestClass]
public sealed class RevocationTests
{
    [TestMethod]
    [DataRow("revoked")]
    [DataRow("deleted")]
    [DataRow("tenant deleted")]
    public async Task Open_streams_of_the_key_end_and_those_of_others_go_on(string how)
    {
        await using var upstream = await TestUpstream.StartAsync();
        upstream.Answer = StreamAsync;
        await using var edge = await RunningEdge.StartAsync(TwoTenants(upstream.Url));
        var dying = await edge.AddKeyAsync("acme", "mobile");
        var living = await edge.AddKeyAsync(how == "tenant deleted" ? "other" : "acme", "mobile");
        var livingPath = how == "tenant deleted" ? "/other/chats" : "/acme/orders";
        using var deadSocket = await ConnectAsync(edge, "/acme/orders/ws", dying);
        using var liveSocket = await ConnectAsync(edge, $"{livingPath}/ws", living);
        using var deadStream = await edge.SendAsync(HttpMethod.Get, "/acme/orders/download", dying, completion: HttpCompletionOption.ResponseHeadersRead);
        using var overHttp2 = await edge.SendAsync(HttpMethod.Get, "/acme/orders/download", dying, request => (request.Version, request.VersionPolicy) = (new(2, 0), HttpVersionPolicy.RequestVersionExact), HttpCompletionOption.ResponseHeadersRead);

        if (how == "tenant deleted") await edge.DeleteAsync("acme");
        else await ChangeKeyAsync(edge, dying, how == "revoked" ? key => key with { Revoked = true } : _ => null);

        // The edge has said that it is applied, so nothing is waited for but the end of what it has cut.
        await Assert.ThrowsAsync<WebSocketException>(() => EchoAsync(deadSocket));
        await Assert.ThrowsAsync<Exception>(() => ReadAllAsync(deadStream));
        await Assert.ThrowsAsync<Exception>(() => ReadAllAsync(overHttp2));
        Assert.AreEqual(how == "tenant deleted" ? 404 : 401, await edge.StatusAsync("/acme/orders/x", dying));
        Assert.AreEqual("hello", await EchoAsync(liveSocket));
    }

    [TestMethod]
    public async Task A_request_that_waits_for_its_upstream_ends_and_its_connection_carries_no_other_into_harm()
    {
        await using var upstream = await TestUpstream.StartAsync();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        upstream.Answer = async http =>
        {
            if (http.Request.Path != "/slow") return;
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        };
        await using var edge = await RunningEdge.StartAsync(TwoTenants(upstream.Url));
        var key = await edge.AddKeyAsync("acme", "mobile");
        var slow = edge.GetAsync("/acme/orders/slow", key);
        await arrived.Task.Soon();
        await ChangeKeyAsync(edge, key, k => k with { Revoked = true });
        await Assert.ThrowsAsync<HttpRequestException>(() => slow);
    }

    [TestMethod]
    public async Task While_keys_come_and_go_no_request_that_was_let_in_outlives_its_key()
    {
        await using var upstream = await TestUpstream.StartAsync();
        upstream.Answer = StreamAsync;
        await using var edge = await RunningEdge.StartAsync(TwoTenants(upstream.Url));
        for (var round = 0; round < 30; round++)
        {
            var key = await edge.AddKeyAsync("acme", "mobile");
            // Some are let in before the revocation, some after, and some just then.
            var opening = Enumerable.Range(0, 8).Select(_ => edge.SendAsync(HttpMethod.Get, "/acme/orders/download", key, completion: HttpCompletionOption.ResponseHeadersRead)).ToArray();
            await ChangeKeyAsync(edge, key, k => k with { Revoked = true });
            foreach (var request in opening) await ExpectEndAsync(request);
        }

        static async Task ExpectEndAsync(Task<HttpResponseMessage> request)
        {
            try
            {
                using var answer = await request;
                if ((int)answer.StatusCode == 401) return;
                await ReadAllAsync(answer);
                Assert.Fail("The stream ended as if nothing had happened.");
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // Cut.
            }
        }
    }

    private static string TwoTenants(string url) => Gateway.NoAddressLimit + $$"""
        tenants:
          - { slug: acme, policies: [{ name: all, cedar: 'permit(principal, action, resource);' }], services: [{ slug: orders, destinations: [{ url: "{{url}}" }] }], consumers: [{ name: mobile }] }
          - { slug: other, policies: [{ name: all, cedar: 'permit(principal, action, resource);' }], services: [{ slug: chats, destinations: [{ url: "{{url}}" }] }], consumers: [{ name: mobile }] }
        """;

    /// <param name="change">Null where the key shall go.</param>
    private static async Task ChangeKeyAsync(RunningEdge edge, string text, Func<ApiKey, ApiKey?> change)
    {
        var document = (await edge.Engine.Store.ReadTenantAsync("acme", CancellationToken.None))?.Document ?? throw new InvalidOperationException("No tenant acme.");
        await edge.WriteAsync(document with { Keys = [.. document.Keys.Select(k => k.Prefix == text[..12] ? change(k) : k).OfType<ApiKey>()] });
    }

    private static async Task<ClientWebSocket> ConnectAsync(RunningEdge edge, string path, string key)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-API-Key", key);
        await socket.ConnectAsync(new UriBuilder(edge.Url) { Scheme = "ws", Path = path }.Uri, CancellationToken.None).Soon();
        Assert.AreEqual("hello", await EchoAsync(socket));
        return socket;
    }

    private static async Task<string> EchoAsync(ClientWebSocket socket)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).Soon();
        var buffer = new byte[64];
        var part = await socket.ReceiveAsync(buffer, CancellationToken.None).Soon();
        return Encoding.UTF8.GetString(buffer, 0, part.Count);
    }

    private static Task<string> ReadAllAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync().Soon();

    private static async Task StreamAsync(HttpContext http)
    {
        if (http.WebSockets.IsWebSocketRequest)
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[64];
            while (await socket.ReceiveAsync(buffer.AsMemory(), http.RequestAborted) is { MessageType: not WebSocketMessageType.Close } part)
            {
                await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, http.RequestAborted);
            }
            return;
        }
        // Never idle, and without end.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        do await http.Response.WriteAsync("more\n", http.RequestAborted);
        while (await timer.WaitForNextTickAsync(http.RequestAborted));
    }
}
