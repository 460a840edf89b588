using System.Net;
using System.Net.Sockets;

namespace Drizzle.Testing;

/// <summary>A port of the loopback that leads to another, as a network does, until it is cut.</summary>
public sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _changing = new();
    private readonly HashSet<Socket> _open = [];
    private readonly List<Task> _relaying = [];
    private readonly int _to;
    private readonly Task _accepting;
    private bool _isCut;

    /// <param name="to">The port that it leads to.</param>
    public Relay(int to)
    {
        _to = to;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Ends all connections and every new one, until it is mended.</summary>
    public void Cut()
    {
        lock (_changing)
        {
            _isCut = true;
            foreach (var socket in _open) socket.Dispose();
        }
    }

    public void Mend()
    {
        lock (_changing) _isCut = false;
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        await _ending.CancelAsync();
        await _accepting;
        await Task.WhenAll(_relaying);
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                _relaying.Add(RelayAsync(await _listener.AcceptSocketAsync(_ending.Token)));
            }
            catch (OperationCanceledException)
            {
                // It ends.
            }
        }
    }

    private async Task RelayAsync(Socket near)
    {
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (near)
        {
            if (!TryOpen(near, far)) return;
            try
            {
                await far.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _to));
                await using var here = new NetworkStream(near);
                await using var there = new NetworkStream(far);
                await Task.WhenAny(here.CopyToAsync(there), there.CopyToAsync(here));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                // It was cut, or leads nowhere.
            }
            lock (_changing)
            {
                _open.Remove(near);
                _open.Remove(far);
            }
        }
    }

    private bool TryOpen(Socket near, Socket far)
    {
        lock (_changing)
        {
            if (_isCut) return false;
            _open.Add(near);
            _open.Add(far);
            return true;
        }
    }
}
