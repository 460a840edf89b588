using System.Collections.Concurrent;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql.Postgres;
using Drizzle.Silo.Members;

namespace Drizzle.Silo.Buckets;

/// <summary>Gives shards up, those that come together by one statement: a silo that ends has a thousand. Whoever has the turn writes for all who wait.</summary>
internal sealed class ShardReleases(PostgresShards shards, Membership members)
{
    private const int MostAtOnce = 256;
    private const int MostBytesAtOnce = 8 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private readonly SemaphoreSlim _turn = new(1);

    /// <returns>False where it is not this silo's any more.</returns>
    /// <exception cref="EngineException">The database does not answer.</exception>
    public async Task<bool> ReleaseAsync(ShardRelease shard)
    {
        var waiting = new Waiting(shard);
        _waiting.Enqueue(waiting);
        await _turn.WaitAsync();
        try
        {
            while (!waiting.Written.Task.IsCompleted) await WriteAsync();
        }
        finally
        {
            _turn.Release();
        }
        return await waiting.Written.Task;
    }

    /// <summary>The next of those who wait.</summary>
    private async Task WriteAsync()
    {
        var (some, bytes) = (new List<Waiting>(), 0L);
        while (some.Count < MostAtOnce && bytes < MostBytesAtOnce && _waiting.TryDequeue(out var waiting))
        {
            some.Add(waiting);
            bytes += waiting.Shard.State?.Length ?? 0;
        }
        try
        {
            using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
            var released = await shards.ReleaseAsync(members.Self, [.. some.Select(w => w.Shard)], patience.Token);
            foreach (var waiting in some) waiting.Written.SetResult(released.Contains(waiting.Shard.Shard));
        }
        catch (Exception e)
        {
            // Whatever it was: who waits must hear of it.
            foreach (var waiting in some) waiting.Written.SetException(e as EngineException ?? new EngineException("The database does not answer.", e));
        }
    }

    private sealed record Waiting(ShardRelease Shard)
    {
        public TaskCompletionSource<bool> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
