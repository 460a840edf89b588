using System.Text;
using Drizzle.Benchmarks.Machine;
using Drizzle.Benchmarks.Targets;

namespace Drizzle.Benchmarks.Load;

/// <summary>
/// Two or more requests to one process in turns of some milliseconds, over the same connections, each as fast as answers come. What neighbours of a shared
/// machine do lasts longer than a turn, so that it falls on all alike, and what is done by the clock goes on as under a steady load; differences of a hundredth can
/// be told where whole rounds of seconds differ by a tenth.
/// </summary>
internal sealed class Turns : IDisposable
{
    /// <summary>Requests of one turn.</summary>
    private const int Length = 100;

    private readonly Target _target;
    private readonly OpenLoopConnection[] _connections;
    private readonly Native.PollEntry[] _entries;

    public Turns(Target target, int connections)
    {
        _target = target;
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new OpenLoopConnection(target.Port))];
        _entries = [.. _connections.Select(c => new Native.PollEntry { Descriptor = c.Descriptor, Wanted = Native.Readable })];
    }

    /// <summary>Microseconds of the process's CPU that each request took, by round and then by request; in each round in an order of chance, so that none always follows the same other.</summary>
    public double[][] Run(IReadOnlyList<LoadRequest> requests, int rounds, CancellationToken cancellation)
    {
        var (tree, bytes) = (_target.Tree(), requests.Select(r => Encoding.ASCII.GetBytes(r.Head + "\r\n\r\n")).ToArray());
        var (results, chance) = (new double[rounds][], new Random(rounds));
        for (var round = 0; round < rounds; round++)
        {
            results[round] = new double[bytes.Length];
            var order = Enumerable.Range(0, bytes.Length).ToArray();
            chance.Shuffle(order);
            foreach (var i in order)
            {
                var before = tree.CpuNanoseconds();
                Take(bytes[i], cancellation);
                results[round][i] = (tree.CpuNanoseconds() - before) / 1e3 / Length;
            }
        }
        return results;
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }

    /// <summary>One turn; at its end nothing is under way.</summary>
    private void Take(byte[] request, CancellationToken cancellation)
    {
        var (sent, answered) = (0, 0);
        for (; sent < _connections.Length; sent++) _connections[sent].Send(request, 0);
        while (answered < Length)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Native.Poll(_entries, (nuint)_entries.Length, new() { Seconds = 1 }, 0) <= 0) continue;
            for (var i = 0; i < _entries.Length; i++)
            {
                if (_entries[i].Happened == 0) continue;
                _entries[i].Happened = 0;
                if (!_connections[i].Receive()) continue;
                answered++;
                if (sent >= Length) continue;
                _connections[i].Send(request, 0);
                sent++;
            }
        }
    }
}
