using Drizzle.Contracts.Parallelism;
using Drizzle.Engine.Sql.Postgres;
using Microsoft.Extensions.Hosting;

namespace Drizzle.Silo.Buckets;

/// <summary>Forgets buckets that are full, and records of such.</summary>
internal sealed class Forgetting(ShardRegistry registry, PostgresShards shards, SiloClock clock) : BackgroundService
{
    private const int RecordsEveryRounds = 12;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var round = 1; await clock.Clock.PauseAsync(Every, stoppingToken); round++)
        {
            foreach (var shard in registry.All) shard.Forget(clock.Now());
            if (round % RecordsEveryRounds != 0) continue;
            try
            {
                await shards.ForgetAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Another time.
            }
        }
    }
}
