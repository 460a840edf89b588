using System.Text;
using Drizzle.Benchmarks.Machine;

namespace Drizzle.Benchmarks.Load;

/// <summary>
/// Requests at instants that were fixed beforehand, whatever the answers do, so that a target that stalls pays for everything that should have
/// been asked meanwhile. One thread that waits in the kernel for the next instant or answer.
/// </summary>
internal sealed class OpenLoop : IDisposable
{
    private const long Second = 1_000_000_000;

    private readonly TimeProvider _clock;
    private readonly byte[] _request;
    private readonly OpenLoopConnection[] _connections;
    private readonly Native.PollEntry[] _entries;
    private readonly Queue<int> _idle = new();

    public OpenLoop(int port, string head, int connections, TimeProvider clock)
    {
        _clock = clock;
        _request = Encoding.ASCII.GetBytes(head + "\r\n\r\n");
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new OpenLoopConnection(port))];
        _entries = new Native.PollEntry[connections];
        for (var i = 0; i < connections; i++)
        {
            // A negative descriptor is passed over: nothing is asked of an idle connection.
            _entries[i] = new() { Descriptor = -1, Wanted = Native.Readable };
            _idle.Enqueue(i);
        }
    }

    /// <returns>Microseconds from the intended send to the whole answer, one for each request.</returns>
    public double[] Run(double perSecond, int seconds, CancellationToken cancellation)
    {
        var latencies = new double[(int)(perSecond * seconds)];
        var interval = Second / perSecond;
        var startedAt = _clock.GetTimestamp();
        var (sent, answered) = (0, 0);
        while (answered < latencies.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            var now = Elapsed(startedAt);
            while (sent < latencies.Length && _idle.Count > 0 && MeantAt(sent) <= now)
            {
                var next = _idle.Dequeue();
                _connections[next].Send(_request, MeantAt(sent++));
                _entries[next].Descriptor = _connections[next].Descriptor;
            }
            var wait = sent < latencies.Length && _idle.Count > 0 ? Math.Max(0, MeantAt(sent) - Elapsed(startedAt)) : Second;
            if (Native.Poll(_entries, (nuint)_entries.Length, new() { Seconds = wait / Second, Nanoseconds = wait % Second }, 0) <= 0) continue;
            for (var i = 0; i < _entries.Length; i++)
            {
                if (_entries[i].Happened == 0 || !_connections[i].Receive()) continue;
                latencies[answered++] = (Elapsed(startedAt) - _connections[i].MeantAt) / 1e3;
                _entries[i].Descriptor = -1;
                _entries[i].Happened = 0;
                _idle.Enqueue(i);
            }
        }
        return latencies;

        long MeantAt(int index) => (long)(index * interval);
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }

    private long Elapsed(long startedAt) => (long)((_clock.GetTimestamp() - startedAt) * ((double)Second / _clock.TimestampFrequency));
}
