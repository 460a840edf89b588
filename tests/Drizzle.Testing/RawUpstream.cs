using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Drizzle.Testing;

/// <summary>An upstream that answers with any bytes at all, or with none.</summary>
public sealed class RawUpstream : IAsyncDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _accepting;
    private int _connections;

    private RawUpstream(Func<Socket, CancellationToken, Task> answer)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Url = $"http://127.0.0.1:{((IPEndPoint?)_listener.LocalEndPoint)?.Port}";
        _accepting = AcceptAsync(answer);
    }

    public string Url { get; }

    public int Connections => Volatile.Read(ref _connections);

    /// <param name="answer">Called with each connection after the head of its first request was read.</param>
    public static RawUpstream Start(Func<Socket, CancellationToken, Task> answer) => new(answer);

    /// <summary>Answers with this text, each character one byte, and closes.</summary>
    public static RawUpstream Saying(string answer) => new(async (socket, cancellation) => await socket.SendAsync(Encoding.Latin1.GetBytes(answer), cancellation));

    /// <summary>Accepts, reads and never answers.</summary>
    public static RawUpstream Silent() => new(static (_, cancellation) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync(Func<Socket, CancellationToken, Task> answer)
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_ending.Token);
                Interlocked.Increment(ref _connections);
                open.Add(ServeAsync(socket, answer));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(Socket socket, Func<Socket, CancellationToken, Task> answer)
    {
        using (socket)
        {
            try
            {
                var head = "";
                var buffer = new byte[4096];
                while (!head.Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    var read = await socket.ReceiveAsync(buffer, _ending.Token);
                    if (read == 0) return;
                    head += Encoding.Latin1.GetString(buffer, 0, read);
                }
                await answer(socket, _ending.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // The test ends, or the other side left.
            }
        }
    }
}

/// <summary>A port that is taken, so that nobody else gets it, and that refuses connections or leaves them waiting.</summary>
public sealed class DeadPort : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];

    private DeadPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public string Url => $"http://127.0.0.1:{((IPEndPoint?)_socket.LocalEndPoint)?.Port}";

    public static DeadPort Refusing() => new();

    /// <summary>Its queue of connections is full, so that the next one is neither accepted nor refused.</summary>
    public static DeadPort Hanging()
    {
        var port = new DeadPort();
        port._socket.Listen(1);
        for (var i = 0; i < 8; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            port._waiting.Add(socket);
            try
            {
                socket.Connect(port._socket.LocalEndPoint ?? throw new InvalidOperationException("Not bound."));
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // That is what a socket says that does not wait.
            }
        }
        return port;
    }

    public void Dispose()
    {
        foreach (var socket in _waiting) socket.Dispose();
        _socket.Dispose();
    }
}
