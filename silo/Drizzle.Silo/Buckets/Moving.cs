using Drizzle.Contracts.Parallelism;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Silo.Members;

namespace Drizzle.Silo.Buckets;

/// <summary>
/// Hands shards of this silo over to where their place is, a few at a time, so that it answers for the rest meanwhile: edges have to find each one that has moved.
/// </summary>
internal sealed class Moving(Membership members, IGrainFactory grains)
{
    private const int MostAtOnce = 8;

    // It is here until the calls under way have ended.
    private const int MostLooks = 100;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(2);

    /// <summary>Each until it is active there; one that does not get there stays. Where none of a few gets there, the rest is left for another time.</summary>
    /// <returns>Whether all got there.</returns>
    public async Task<bool> MoveAsync(IEnumerable<int> shards)
    {
        var areAllThere = true;
        foreach (var some in shards.Chunk(MostAtOnce))
        {
            var areThere = await Task.WhenAll(some.Select(TryMoveAsync));
            areAllThere &= !areThere.Contains(false);
            if (!areThere.Contains(true)) break;
        }
        return areAllThere;
    }

    private async Task<bool> TryMoveAsync(int shard)
    {
        try
        {
            var grain = grains.GetGrain<IBucketShardGrain>(shard);
            await grain.LeaveAsync();
            for (var look = 0; look < MostLooks; look++)
            {
                if (await grain.WhereAsync() != members.Self) return true;
                await TimeProvider.System.PauseAsync(LookEvery, CancellationToken.None);
            }
            return false;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The database is away, or the silo to which it goes.
            return false;
        }
    }
}
