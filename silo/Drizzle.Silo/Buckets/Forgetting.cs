using Drizzle.Contracts.Parallelism;
using Drizzle.Engine.Sql.Postgres;
using Microsoft.Extensions.Hosting;

namespace Drizzle.Silo.Buckets;

/// <summary>Now and then has forgotten what no longer matters: here, and in the database.</summary>
internal sealed class Forgetting(ShardRegistry registry, PostgresShards shards, SiloClock clock) : BackgroundService
{
    private const int RecordsEveryRounds = 12;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var round = 1; await clock.Clock.PauseAsync(Every, stoppingToken); round++)
        {
            registry.Forget();
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
