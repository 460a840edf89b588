using Drizzle.Benchmarks.Output;
using Drizzle.Testing;

namespace Drizzle.Benchmarks.Routes;

/// <summary>Clients that each ask again as soon as they are answered, each with a request of its own.</summary>
internal sealed class EdgeLoad(KeepAliveClient[] clients, TimeProvider clock)
{
    /// <returns>Milliseconds, one for each request, in rising order.</returns>
    public async Task<List<double>> RunAsync(TimeSpan time, CancellationToken cancellation)
    {
        var startedAt = clock.GetTimestamp();
        var latencies = await Task.WhenAll(clients.Select(client => Task.Run(() => AskAsync(client, startedAt, time, cancellation), cancellation)));
        return [.. latencies.SelectMany(l => l).Order()];
    }

    public static void Add(Table table, string name, List<double> latencies, TimeSpan time) => table.Add(
        name, latencies.Count / time.TotalSeconds, Samples.Percentile(latencies, 0.5), Samples.Percentile(latencies, 0.99), latencies[^1], latencies.Count(l => l > SlowMilliseconds), latencies.Count);

    public static Table NewTable() => new(
        $"milliseconds per request; slow is more than {SlowMilliseconds} ms", new("phase"), new("requests_per_s", "F0"), new("p50_ms", "F2"), new("p99_ms", "F2"), new("most_ms", "F1"), new("slow"), new("requests"));

    private const int SlowMilliseconds = 20;

    private async Task<List<double>> AskAsync(KeepAliveClient client, long startedAt, TimeSpan time, CancellationToken cancellation)
    {
        // Room from the start: growing a list of this size is itself a stall.
        var latencies = new List<double>(1 << 18);
        while (clock.GetElapsedTime(startedAt) < time)
        {
            var askedAt = clock.GetTimestamp();
            var status = await client.SendAsync(cancellation);
            if (status != 200) throw new BenchmarkFailure($"An answer was {status}.");
            latencies.Add(clock.GetElapsedTime(askedAt).TotalMilliseconds);
        }
        return latencies;
    }
}
