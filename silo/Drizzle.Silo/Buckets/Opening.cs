using Drizzle.Contracts.Parallelism;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Silo.Members;
using Microsoft.Extensions.Hosting;

namespace Drizzle.Silo.Buckets;

/// <summary>Has the shards whose place is here active before anybody leases from them, soon also those of a silo that has died, and moves those away whose place is at a silo that has come.</summary>
internal sealed class Opening(ShardRegistry registry, Membership members, Moving moving, IGrainFactory grains, SiloClock clock) : BackgroundService
{
    // Silos that come and go together are waited for, and what is missing meanwhile is looked for between two rounds of moves.
    private const int RoundsUntilMoving = 5;
    private const int MostMovesInRound = 128;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private volatile bool _isDone;
    private string _silos = "";
    private int _sameFor;

    /// <summary>Whether each shard whose place is here has had an owner once.</summary>
    public bool IsDone => _isDone;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        do
        {
            try
            {
                var active = members.Active;
                var staying = members.Staying(active);
                _isDone |= await OpenAsync(staying) && active.Contains(members.Self);
                await MoveAsync(staying);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The silo has just begun, or ends.
            }
        }
        while (await clock.Clock.PauseAsync(LookEvery, stoppingToken));
    }

    /// <summary>Asks for the shards whose place is here and that are not; where they are elsewhere still, they will be moved.</summary>
    /// <returns>Whether each of them has an owner.</returns>
    private async Task<bool> OpenAsync(IReadOnlyList<string> active)
    {
        int[] missing = [.. Enumerable.Range(0, BucketShards.Count).Where(s => registry.Find(s) is null && NumberPlacement.Of(s, active) == members.Self)];
        return missing.Length == 0 || Array.TrueForAll((await grains.GetGrain<IShardFinderGrain>(0).FindAsync(missing)).Silos, silo => silo is not null);
    }

    private async Task MoveAsync(IReadOnlyList<string> active)
    {
        var silos = string.Join(' ', active.Order(StringComparer.Ordinal));
        _sameFor = silos == _silos ? _sameFor + 1 : 0;
        _silos = silos;
        if (_sameFor < RoundsUntilMoving) return;
        await moving.MoveAsync(registry.All.Select(s => s.Number).Where(s => NumberPlacement.Of(s, active) != members.Self).Take(MostMovesInRound));
    }
}
