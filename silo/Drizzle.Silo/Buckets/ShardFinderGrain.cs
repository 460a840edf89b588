using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Silo.Members;
using Orleans.Concurrency;
using Orleans.GrainDirectory;

namespace Drizzle.Silo.Buckets;

/// <summary>Asks the shards themselves where they are.</summary>
[GrainType("drizzle.shard-finder"), StatelessWorker, GrainDirectory(NoDirectory.Name), Reentrant]
internal sealed class ShardFinderGrain(Membership members, EdgeCount edges, SiloClock clock) : Grain, IShardFinderGrain
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    public async Task<FoundShards> FindAsync(int[] shards) => new() { Silos = await Task.WhenAll(shards.Select(FindAsync)), Edges = edges.Value };

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
}
