using Drizzle.Contracts.Parallelism;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Microsoft.Extensions.Hosting;

namespace Drizzle.Silo.Buckets;

/// <summary>Has every shard active somewhere before anybody leases from it, and soon again after a silo has died.</summary>
internal sealed class Opening(IGrainFactory grains, SiloClock clock) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private volatile bool _isDone;

    /// <summary>Whether all were active once.</summary>
    public bool IsDone => _isDone;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        do
        {
            var all = Enumerable.Range(0, BucketShards.Count).ToArray();
            try
            {
                var found = await grains.GetGrain<IShardFinderGrain>(0).FindAsync(all);
                _isDone |= Array.TrueForAll(found, silo => silo is not null);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The silo has just begun, or ends.
            }
        }
        while (await clock.Clock.PauseAsync(LookEvery, stoppingToken));
    }
}
