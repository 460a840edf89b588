using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql.Postgres;

namespace Drizzle.Silo.Buckets;

/// <summary>Leaves shards in the database, many by one statement: a silo that ends has a thousand.</summary>
internal sealed class ShardReleases(PostgresShards shards)
{
    private const int MostAtOnce = 256;
    private const int MostBytesAtOnce = 8 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Tries again what the database does not take, until it is told to end.</summary>
    public async Task ReleaseAsync(IReadOnlyCollection<ShardRelease> left, CancellationToken ending)
    {
        var waiting = new Queue<ShardRelease>(left);
        while (waiting.Count > 0)
        {
            var some = Next(waiting);
            while (!await TryReleaseAsync(some, ending))
            {
                if (!await TimeProvider.System.PauseAsync(AgainAfter, ending)) return;
            }
        }
    }

    private static List<ShardRelease> Next(Queue<ShardRelease> waiting)
    {
        var (some, bytes) = (new List<ShardRelease>(), 0L);
        while (some.Count < MostAtOnce && bytes < MostBytesAtOnce && waiting.TryDequeue(out var shard))
        {
            some.Add(shard);
            bytes += shard.State?.Length ?? 0;
        }
        return some;
    }

    private async Task<bool> TryReleaseAsync(List<ShardRelease> some, CancellationToken ending)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ending);
            patience.CancelAfter(Patience);
            await shards.ReleaseAsync(some, patience.Token);
            return true;
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            return false;
        }
    }
}
