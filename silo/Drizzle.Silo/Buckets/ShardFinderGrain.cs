using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Silo.Members;
using Orleans.Concurrency;
using Orleans.GrainDirectory;

namespace Drizzle.Silo.Buckets;

/// <summary>
/// Asks the shards themselves where they are. Without the database none can be activated anew; then who holds those that are active nowhere says so.
/// </summary>
[GrainType("drizzle.shard-finder"), StatelessWorker, GrainDirectory(NoDirectory.Name), Reentrant]
internal sealed class ShardFinderGrain(Membership members, SiloLife life, EdgeCount edges, SiloClock clock) : Grain, IShardFinderGrain
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    public async Task<FoundShards> FindAsync(int[] shards)
    {
        var silos = await Task.WhenAll(shards.Select(FindAsync));
        if (life.IsDatabaseAway && silos.Contains(null)) await Task.WhenAll(members.Active.Select(silo => FindHeldAsync(silo, shards, silos)));
        return new() { Silos = silos, Edges = edges.Value };
    }

    public Task<string[]> SilosAsync() => Task.FromResult<string[]>([.. members.Active]);

    private async Task<string?> FindAsync(int shard)
    {
        try
        {
            return await GrainFactory.GetGrain<IBucketShardGrain>(shard).WhereAsync().WaitAsync(Patience, clock.Clock);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Its silo is dead and not known to be, or it has just begun: it is looked for again.
            return null;
        }
    }

    /// <param name="silos">Where each of the shards is; filled in where the silo holds one of which that is not known.</param>
    private async Task FindHeldAsync(string silo, int[] shards, string?[] silos)
    {
        try
        {
            var holds = await members.DeskOf(silo).HoldsAsync(shards).WaitAsync(Patience, clock.Clock);
            for (var i = 0; i < shards.Length; i++)
            {
                if (holds[i]) silos[i] ??= silo;
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It is dead, or has just begun.
        }
    }
}
