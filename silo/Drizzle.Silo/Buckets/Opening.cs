using Drizzle.Contracts.Parallelism;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Microsoft.Extensions.Hosting;

namespace Drizzle.Silo.Buckets;

/// <summary>Has every shard active in its place before anybody leases from it, soon again after a silo has died, and a part of them moved to a silo that has come.</summary>
internal sealed class Opening(ShardRegistry registry, Membership members, IGrainFactory grains, SiloClock clock) : BackgroundService
{
    // Silos that come and go together are waited for, and not all moves at once.
    private const int RoundsUntilMoving = 5;
    private const int MostMovesInRound = 32;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private volatile bool _isDone;
    private string _silos = "";
    private int _sameFor;

    /// <summary>Whether all were active once.</summary>
    public bool IsDone => _isDone;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        do
        {
            try
            {
                var found = await grains.GetGrain<IShardFinderGrain>(0).FindAsync([.. Enumerable.Range(0, BucketShards.Count)]);
                _isDone |= Array.TrueForAll(found.Silos, silo => silo is not null);
                await MoveAsync();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The silo has just begun, or ends.
            }
        }
        while (await clock.Clock.PauseAsync(LookEvery, stoppingToken));
    }

    private async Task MoveAsync()
    {
        var active = members.Active;
        var silos = string.Join(' ', active.Order(StringComparer.Ordinal));
        _sameFor = silos == _silos ? _sameFor + 1 : 0;
        _silos = silos;
        if (_sameFor < RoundsUntilMoving) return;
        foreach (var shard in registry.All.Where(s => ShardPlacement.Of(s.Number, active) != members.Self).Take(MostMovesInRound)) await grains.GetGrain<IBucketShardGrain>(shard.Number).LeaveAsync();
    }
}
