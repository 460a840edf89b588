using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Drizzle.Testing;

/// <summary>One keep-alive connection that sends the same request again and again, and allocates nothing per request.</summary>
public sealed class KeepAliveClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request;
    private readonly byte[] _buffer = new byte[64 * 1024];

    /// <param name="head">Lines separated by CR LF, without the empty one at the end.</param>
    public KeepAliveClient(string head) => _request = Encoding.ASCII.GetBytes(head + "\r\n\r\n");

    public async Task ConnectAsync(int port) => await _socket.ConnectAsync(IPAddress.Loopback, port);

    /// <summary>Sends one request and reads its whole answer, which must state its length.</summary>
    /// <returns>The status.</returns>
    public async ValueTask<int> SendAsync(CancellationToken cancellation = default)
    {
        await _socket.SendAsync(_request, cancellation);
        var filled = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(filled), cancellation);
            if (read == 0) throw new IOException("The connection was closed before the answer was whole.");
            filled += read;
            if (TryParse(_buffer.AsSpan(0, filled), out var status)) return status;
        }
    }

    public void Dispose() => _socket.Dispose();

    private static bool TryParse(ReadOnlySpan<byte> answer, out int status)
    {
        status = 0;
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        status = Number(answer[9..12]);
        var head = answer[..end];
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0) throw new IOException("The answer states no length.");
        var value = head[(at + 16)..];
        var lineEnd = value.IndexOf((byte)'\r');
        return answer.Length >= end + 4 + Number(lineEnd < 0 ? value : value[..lineEnd]);
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits) number = (number * 10) + digit - '0';
        return number;
    }
}
