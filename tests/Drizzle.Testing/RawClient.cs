using System.Net.Sockets;
using System.Text;

namespace Drizzle.Testing;

/// <summary>A client that sends any bytes at all.</summary>
public sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawClient> ConnectAsync(Uri url)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(url.Host, url.Port);
        return client;
    }

    /// <summary>Sends one message and reads until the other side closes.</summary>
    /// <returns>All that came back, as Latin-1.</returns>
    public static async Task<string> ExchangeAsync(Uri url, string message)
    {
        using var client = await ConnectAsync(url);
        await client.SendAsync(message);
        return await client.ReadToEndAsync();
    }

    /// <returns>The status of an answer's first line; 0 where the connection closed without one.</returns>
    public static int StatusOf(string answer) => answer.Split(' ', 3) is [_, var status, ..] && int.TryParse(status, out var number) ? number : 0;

    /// <param name="message">Each character is one byte.</param>
    public async Task SendAsync(string message)
    {
        try
        {
            await _socket.SendAsync(Encoding.Latin1.GetBytes(message));
        }
        catch (SocketException)
        {
            // The other side may close before it has read all; what it answered is still to be read.
        }
    }

    /// <summary>Reads until the text ends with or holds <paramref name="part"/>.</summary>
    public async Task<string> ReadUntilAsync(string part)
    {
        var text = new StringBuilder();
        while (!text.ToString().Contains(part, StringComparison.Ordinal))
        {
            if (await ReadAsync() is not { Length: > 0 } more) break;
            text.Append(more);
        }
        return text.ToString();
    }

    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        while (await ReadAsync() is { Length: > 0 } more) text.Append(more);
        return text.ToString();
    }

    public void Dispose() => _socket.Dispose();

    private async Task<string> ReadAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[16 * 1024];
        try
        {
            return Encoding.Latin1.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, patience.Token));
        }
        catch (SocketException)
        {
            // A reset ends the answer as a close does.
            return "";
        }
    }
}
