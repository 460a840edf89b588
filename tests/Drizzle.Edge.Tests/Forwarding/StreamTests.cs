using System.Net;
using System.Net.WebSockets;
using System.Text;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Drizzle.Edge.Tests.Forwarding;

/// <summary>What stays open: WebSockets, event streams, gRPC.</summary>
[TestClass]
public sealed class StreamTests
{
    private const string ShortIdle = ", timeouts: { idle: 100ms, stream: 1m }";
    private static readonly TimeSpan BeyondIdle = TimeSpan.FromMilliseconds(400);

    [TestMethod]
    public async Task A_WebSocket_stays_open_across_fifty_edits_and_beyond_the_idle_timeout()
    {
        await using var upstream = await TestUpstream.StartAsync();
        upstream.Answer = EchoAsync;
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, ShortIdle));
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new UriBuilder(edge.Url) { Scheme = "ws", Path = "/chat" }.Uri, CancellationToken.None).Soon();
        Assert.AreEqual("before", await EchoedAsync(client, "before"));

        for (var i = 0; i < 25; i++)
        {
            await edge.ApplyAsync(Gateway.Open(upstream.Url, $", timeouts: {{ idle: {100 + i}ms, stream: 1m }}, health: {{ passive: {{ window: {i + 1}s }} }}"));
            await edge.ApplyAsync($"tenants: [{{ slug: other, name: \"edit {i}\" }}]");
        }
        await QuietAsync();

        Assert.AreEqual("after", await EchoedAsync(client, "after"));
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).Soon();
        Assert.AreEqual(WebSocketCloseStatus.NormalClosure, client.CloseStatus);
    }

    [TestMethod]
    [DataRow("text/event-stream")]
    [DataRow("*/*")]
    public async Task An_event_stream_stays_open_beyond_the_idle_timeout_whether_announced_or_not(string accept)
    {
        await using var upstream = await TestUpstream.StartAsync();
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        upstream.Answer = async http =>
        {
            http.Response.ContentType = "text/event-stream; charset=utf-8";
            await http.Response.WriteAsync("data: 1\n\n");
            await http.Response.Body.FlushAsync();
            await second.Task;
            await http.Response.WriteAsync("data: 2\n\n");
        };
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, ShortIdle));

        using var answer = await edge.SendAsync(HttpMethod.Get, "/events", change: r => r.Headers.Add("Accept", accept), completion: HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.AreEqual("data: 1", await reader.ReadLineAsync().Soon());
        await QuietAsync();
        second.SetResult();

        Assert.AreEqual("\ndata: 2\n\n", await reader.ReadToEndAsync().Soon());
    }

    [TestMethod]
    public async Task A_client_that_leaves_an_event_stream_ends_it_upstream()
    {
        await using var upstream = await TestUpstream.StartAsync();
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        upstream.Answer = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: 1\n\n");
            await http.Response.Body.FlushAsync();
            http.RequestAborted.Register(left.SetResult);
            await left.Task;
        };
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));
        (await edge.SendAsync(HttpMethod.Get, "/events", completion: HttpCompletionOption.ResponseHeadersRead)).Dispose();
        await left.Task.Soon();
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(", protocol: auto")]
    [DataRow(", protocol: http2")]
    public async Task A_gRPC_call_streams_both_ways_and_ends_with_trailers(string protocol)
    {
        await using var upstream = await TestUpstream.StartAsync(HttpProtocols.Http2);
        upstream.Answer = async http =>
        {
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.FlushAsync();
            await http.Request.Body.CopyToAsync(http.Response.Body);
            http.Response.AppendTrailer("grpc-status", "0");
        };
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, ShortIdle + protocol));
        var call = new Duplex();

        var sending = edge.SendAsync(HttpMethod.Post, "/orders.Orders/Watch", change: r =>
        {
            r.Version = HttpVersion.Version20;
            r.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            r.Headers.TE.Add(new("trailers"));
            r.Content = call;
            r.Content.Headers.ContentType = new("application/grpc");
        }, completion: HttpCompletionOption.ResponseHeadersRead);
        var up = await call.Stream.Soon();
        await up.WriteAsync("hello"u8.ToArray());
        await up.FlushAsync();
        using var answer = await sending;
        Assert.AreEqual(200, (int)answer.StatusCode);
        var down = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[5];
        await down.ReadExactlyAsync(buffer).AsTask().Soon();
        Assert.AreEqual("hello", Encoding.ASCII.GetString(buffer));
        for (var i = 0; i < 3; i++)
        {
            await up.WriteAsync(Encoding.ASCII.GetBytes($"ping{i}"));
            await up.FlushAsync();
            await down.ReadExactlyAsync(buffer).AsTask().Soon();
            Assert.AreEqual($"ping{i}", Encoding.ASCII.GetString(buffer));
            if (i == 1) await QuietAsync();
        }
        call.Ended.SetResult();

        Assert.AreEqual(0, await down.ReadAsync(buffer).AsTask().Soon());
        Assert.AreEqual("0", answer.TrailingHeaders.GetValues("grpc-status").Single());
        Assert.AreEqual("HTTP/2", upstream.Seen.Single().Protocol);
        Assert.AreEqual("trailers", upstream.Seen.Single().Headers["TE"]);
    }

    /// <summary>Time in which nothing is sent, longer than the idle timeout that must not apply: there is no state that shows it passing.</summary>
    private static Task QuietAsync() => Task.Delay(BeyondIdle, TimeProvider.System);

    private static async Task<string> EchoedAsync(ClientWebSocket client, string text)
    {
        await client.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var buffer = new byte[100];
        var received = await client.ReceiveAsync(new ArraySegment<byte>(buffer), CancellationToken.None).Soon();
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private static async Task EchoAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[100];
        while (true)
        {
            var received = await socket.ReceiveAsync(new ArraySegment<byte>(buffer), http.RequestAborted);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, http.RequestAborted);
                return;
            }
            await socket.SendAsync(new ArraySegment<byte>(buffer, 0, received.Count), received.MessageType, received.EndOfMessage, http.RequestAborted);
        }
    }

    /// <summary>A body that a test writes as it goes.</summary>
    private sealed class Duplex : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Stream> Stream => _stream.Task;

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            _stream.SetResult(stream);
            await Ended.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
