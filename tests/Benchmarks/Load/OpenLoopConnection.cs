using System.Net;
using System.Net.Sockets;

namespace Drizzle.Benchmarks.Load;

/// <summary>A connection with at most one request under way, whose bytes are the same each time; nothing is allocated for a request.</summary>
internal sealed class OpenLoopConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _filled;

    public OpenLoopConnection(int port)
    {
        _socket.Connect(IPAddress.Loopback, port);
        _socket.Blocking = false;
        Descriptor = (int)_socket.Handle;
    }

    public int Descriptor { get; }

    /// <summary>When the request under way was meant to be sent.</summary>
    public long MeantAt { get; private set; }

    public void Send(byte[] request, long meantAt)
    {
        MeantAt = meantAt;
        _filled = 0;
        if (_socket.Send(request) != request.Length) throw new BenchmarkFailure("A request did not fit into an empty socket.");
    }

    /// <summary>Reads what is there.</summary>
    /// <returns>Whether the answer is whole.</returns>
    /// <exception cref="BenchmarkFailure">The answer is not 200, states no length, or the connection was closed.</exception>
    public bool Receive()
    {
        var read = _socket.Receive(_buffer.AsSpan(_filled), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return false;
        if (error != SocketError.Success || read == 0) throw new BenchmarkFailure("A connection was closed in the middle of an answer.");
        _filled += read;
        return IsWhole(_buffer.AsSpan(0, _filled));
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        if (!answer[9..12].SequenceEqual("200"u8)) throw new BenchmarkFailure($"An answer was {System.Text.Encoding.ASCII.GetString(answer[9..12])}.");
        var at = answer[..end].IndexOf("Content-Length: "u8);
        if (at < 0) throw new BenchmarkFailure("An answer states no length.");
        var length = 0;
        foreach (var digit in answer[(at + 16)..])
        {
            if (digit is < (byte)'0' or > (byte)'9') break;
            length = (length * 10) + digit - '0';
        }
        return answer.Length >= end + 4 + length;
    }
}
