using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Drizzle.EndToEnd.Hosting;

/// <summary>WebSockets that say again what they hear, and their clients.</summary>
internal static class EchoSockets
{
    /// <summary>An upstream's answer.</summary>
    public static async Task AnswerAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest) return;
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(), http.RequestAborted) is { MessageType: not WebSocketMessageType.Close } part)
            {
                await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, http.RequestAborted);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The other side is gone.
        }
    }

    public static async Task<ClientWebSocket> ConnectAsync(int port, string path, string? key = null)
    {
        var socket = new ClientWebSocket();
        if (key is not null) socket.Options.SetRequestHeader("X-API-Key", key);
        using var patience = new CancellationTokenSource(Eventually.Patience);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}{path}"), patience.Token);
        return socket;
    }

    /// <exception cref="WebSocketException">It was ended.</exception>
    public static async Task<string> EchoAsync(ClientWebSocket socket, string text)
    {
        using var patience = new CancellationTokenSource(Eventually.Patience);
        await socket.SendAsync(Encoding.UTF8.GetBytes(text).AsMemory(), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        var buffer = new byte[1024];
        var part = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
        return Encoding.UTF8.GetString(buffer.AsSpan(0, part.Count));
    }
}
