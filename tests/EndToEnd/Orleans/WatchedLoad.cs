using System.Diagnostics;
using Drizzle.EndToEnd.Hosting;
using Drizzle.EndToEnd.Limits;

namespace Drizzle.EndToEnd.Orleans;

/// <summary>Requests of several clients to every edge without end, each client with a bucket of its own; and what was admitted, and when.</summary>
internal sealed class WatchedLoad : IAsyncDisposable
{
    private const int Clients = 24;

    private static readonly TimeSpan LeaseLifetime = TimeSpan.FromSeconds(1.2);

    private readonly CancellationTokenSource _ending = new();
    private readonly List<(double From, double To)>[] _admitted = [.. Enumerable.Range(0, Clients).Select(_ => new List<(double From, double To)>())];

    // When each edge last sent a request that was admitted, by client.
    private readonly double[][] _last;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<string> _failures = [];
    private readonly Task _loops;

    public WatchedLoad(IReadOnlyList<RoleProcess> edges, string path, string key)
    {
        _last = [.. edges.Select(_ => new double[Clients])];
        _loops = Task.WhenAll(edges.Select((edge, number) => Task.Run(() => AskAsync(edge, number, path, key))));
    }

    /// <summary>The numbers of all clients.</summary>
    public static IEnumerable<int> All => Enumerable.Range(0, Clients);

    public static string NameOf(int client) => $"client-{client}";

    /// <summary>Waits until every edge has admitted every client once more, by what was not granted before.</summary>
    public Task GoesOnAsync(string what) => GoesOnAsync(what, [.. All]);

    /// <summary>Waits until every edge has admitted each of these clients once more, by what was not granted before.</summary>
    public Task GoesOnAsync(string what, IReadOnlyList<int> clients)
    {
        var since = (_clock.Elapsed + LeaseLifetime).TotalSeconds;
        return Eventually.TrueAsync(what, () => clients.All(client => _last.All(edge => Volatile.Read(ref edge[client]) >= since)));
    }

    /// <summary>Ends it. Of no client more was admitted in any window than the burst and what is refilled in it; nothing was answered but 200 and 429.</summary>
    public async Task ExpectExactAsync(double rate, int burst)
    {
        await _ending.CancelAsync();
        await _loops;
        Assert.IsEmpty(_failures, string.Join('\n', _failures.Take(20)));
        for (var client = 0; client < Clients; client++) AdmittedWindows.Expect(_admitted[client], rate, burst + 1e-6, $"client {client}");
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _loops;
        _ending.Dispose();
    }

    private async Task AskAsync(RoleProcess edge, int number, string path, string key)
    {
        for (var i = number; !_ending.IsCancellationRequested; i++)
        {
            var (client, from) = (i % Clients, _clock.Elapsed.TotalSeconds);
            var status = await edge.StatusOfAsync(path, key, NameOf(client));
            if (status == 200)
            {
                Volatile.Write(ref _last[number][client], from);
                lock (_admitted[client]) _admitted[client].Add((from, _clock.Elapsed.TotalSeconds));
            }
            if (status is 200 or 429) continue;
            lock (_failures) _failures.Add($"edge {number} answered {status} at {from:F1}");
        }
    }
}
