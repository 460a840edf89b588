using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql.Postgres;
using Drizzle.Silo.Members;

namespace Drizzle.Silo.Buckets;

/// <summary>
/// How this silo comes to own one shard: it claims the row, which says whom it goes on from, and has that one hand over what it has. It goes on to its end
/// whoever has stopped waiting for it, because from the claim on nobody else knows what the one before left in the database.
/// </summary>
internal sealed class ShardOpening(int number, PostgresShards shards, IShardPeers peers, SemaphoreSlim claims, string cluster, SiloClock clock, CancellationToken ending)
{
    private const int MostRounds = 10;

    private static readonly TimeSpan LongestQuery = TimeSpan.FromSeconds(5);

    // By the last claim that the database may have heard of; 0 where it was none.
    private volatile Task<long> _epoch = Task.FromResult(0L);

    public int Number => number;

    /// <summary>Whether the row names a predecessor still that has handed over what it had.</summary>
    public bool HasPredecessor { get; private set; }

    /// <summary>The only epoch of which the database may have heard by now that may come of this; 0 for none.</summary>
    public Task<long> EpochAsync() => _epoch;

    /// <returns>The shard, from which nothing was leased yet.</returns>
    /// <exception cref="EngineException">The database does not answer, or the one that has it does not, and is not known to be dead.</exception>
    /// <exception cref="OperationCanceledException">The database takes too long, or this silo ends.</exception>
    public async Task<Shard> RunAsync()
    {
        var (seen, notHeld) = (0L, 0L);
        for (var round = 0; round < MostRounds; round++)
        {
            // The first says which epoch the row has.
            var claim = await ClaimAsync(seen, notHeld);
            seen = claim.Epoch;
            if (claim.IsClaimed)
            {
                if (claim.Predecessor is not { } predecessor) return await BeginAsync(claim);
                if (await peers.HandOverAsync(predecessor.Silo, number, predecessor.Epoch) is { } handed)
                {
                    HasPredecessor = true;
                    return Continue(claim.Epoch, handed);
                }
                // That it is lost is for the database to say: the other may have left it there.
                notHeld = predecessor.Epoch;
            }
            else if (claim.Rival is { } rival && !await peers.SettleAsync(rival, number, claim.Epoch))
            {
                notHeld = claim.Epoch;
            }
        }
        throw new EngineException($"Shard {number} changes its owner all the time.");
    }

    private async Task<ShardClaim> ClaimAsync(long seen, long notHeld)
    {
        await claims.WaitAsync(ending);
        // Before the database hears of it, and somebody asks for it.
        var epoch = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _epoch = epoch.Task;
        try
        {
            using var patience = new CancellationTokenSource(LongestQuery, TimeProvider.System);
            var claim = await shards.ClaimAsync(number, peers.Self, cluster, seen, notHeld, patience.Token);
            epoch.SetResult(claim.IsClaimed ? claim.Epoch : 0);
            return claim;
        }
        finally
        {
            epoch.TrySetResult(0);
            claims.Release();
        }
    }

    private async Task<Shard> BeginAsync(ShardClaim claim)
    {
        if (claim.State is { } state) return Continue(claim.Epoch, state);
        var shard = new Shard(number, claim.Epoch, shards);
        if (!claim.IsLost) return shard;
        using var patience = new CancellationTokenSource(LongestQuery, TimeProvider.System);
        // The one before may grant until its ownership must have ended.
        shard.BeginAfterLoss(await shards.ReservesAsync(number, patience.Token), clock.Now() + Tenure.Waits);
        return shard;
    }

    private Shard Continue(long epoch, byte[] handed)
    {
        var shard = new Shard(number, epoch, shards);
        shard.TakeOver(HandedShard.Read(handed), clock.Now());
        return shard;
    }
}
