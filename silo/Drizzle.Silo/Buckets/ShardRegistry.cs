using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Sql.Postgres;
using Drizzle.Silo.Members;

namespace Drizzle.Silo.Buckets;

/// <summary>
/// The shards of this silo. Which silo owns a shard, and as which epoch, is decided by one row in the database alone: an activation that Orleans made twice
/// finds there that another has it, and asks that one to give it up.
/// </summary>
internal sealed class ShardRegistry(PostgresShards shards, ShardReleases releases, Membership members, SiloCluster cluster, SiloClock clock)
{
    private const int MostRounds = 5;
    private const int MostClaimsAtOnce = 4;
    private const int MostTakenOverAtOnce = 8;

    private static readonly TimeSpan LongestClosing = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CloseAgainAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestCheck = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<int, Shard> _open = new();

    // Those that are closed and not given up yet: none is in neither for a moment, where another silo would be told that this one does not hold it.
    private readonly ConcurrentDictionary<int, ClosedShard> _closed = new();
    private readonly Lock _closing = new();
    private readonly SemaphoreSlim _claiming = new(MostClaimsAtOnce);
    private readonly SemaphoreSlim _takingOver = new(MostTakenOverAtOnce);

    // Those that are just claimed: from then on what was handed over is known here alone.
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _entering = new();

    // Epochs that this silo has said it does not hold.
    private readonly ConcurrentDictionary<int, long> _denied = new();

    public IEnumerable<Shard> All => _open.Values;

    public Shard? Find(int number) => _open.GetValueOrDefault(number);

    /// <summary>Becomes the owner of a shard, where this silo is not.</summary>
    /// <exception cref="EngineException">The database does not answer, or the one that has it does not, and is not known to be dead.</exception>
    public async Task OpenAsync(int number, CancellationToken cancellation)
    {
        if (Find(number) is not null) return;
        // What could not be given up would be lost to the next epoch.
        await GiveUpClosedAsync(number, cancellation);
        if (await IsClaimedInTurnAsync(number, cancellation)) return;
        await _takingOver.WaitAsync(cancellation);
        try
        {
            await TakeOverAsync(number, cancellation);
        }
        finally
        {
            _takingOver.Release();
        }
    }

    /// <summary>Whether the database would take note just now that a shard is given up.</summary>
    /// <exception cref="EngineException">It does not answer, or another has the shard.</exception>
    public async Task CheckAsync(int number)
    {
        using var patience = new CancellationTokenSource(LongestCheck, TimeProvider.System);
        if (Find(number) is { } shard && !await shards.IsOwnerAsync(number, members.Self, shard.Epoch, patience.Token)) throw new EngineException($"Shard {number} was given to another silo.");
    }

    /// <summary>Gives a shard up, with what the next owner goes on with; also one of which that was tried before.</summary>
    /// <returns>Whether it did: otherwise it was not this silo's any more.</returns>
    /// <exception cref="EngineException">The database does not answer; it can be tried again.</exception>
    public async Task<bool> CloseAsync(int number, CancellationToken cancellation)
    {
        lock (_closing)
        {
            if (Find(number) is { } shard && shard.Close(clock.Now()) is { } handed)
            {
                _closed[number] = new(number, shard.Epoch, handed, releases);
                _open.TryRemove(new(number, shard));
            }
        }
        return await GiveUpClosedAsync(number, cancellation);
    }

    /// <summary>Gives up what is left when the silo has ended. Of what it cannot in time the next owners wait until what was granted here must have expired.</summary>
    public async Task CloseAllAsync()
    {
        using var patience = new CancellationTokenSource(LongestClosing, TimeProvider.System);
        await Parallel.ForEachAsync(_open.Keys.Concat(_closed.Keys).ToList(), new ParallelOptions { MaxDegreeOfParallelism = BucketShards.Count }, (number, _) => CloseInTimeAsync(number, patience.Token));
    }

    private async ValueTask CloseInTimeAsync(int number, CancellationToken ending)
    {
        do
        {
            try
            {
                await CloseAsync(number, ending);
                return;
            }
            catch (Exception e) when (e is EngineException or OperationCanceledException)
            {
                // Until there is no time left.
            }
        }
        while (await TimeProvider.System.PauseAsync(CloseAgainAfter, ending));
    }

    /// <summary>Another has an activation of this shard.</summary>
    /// <returns>False where this one does not hold that epoch of it, and now never will.</returns>
    public async Task<bool> GiveUpAsync(int number, long epoch, CancellationToken cancellation)
    {
        // What is just claimed is held in a moment.
        if (_entering.TryGetValue(number, out var entering)) await entering.Task.WaitAsync(cancellation);
        _denied.AddOrUpdate(number, epoch, (_, before) => Math.Max(before, epoch));
        return EpochOf(number) == epoch && await CloseAsync(number, cancellation);
    }

    private long? EpochOf(int number)
    {
        lock (_closing) return Find(number)?.Epoch ?? _closed.GetValueOrDefault(number)?.Epoch;
    }

    private async Task<bool> GiveUpClosedAsync(int number, CancellationToken cancellation)
    {
        if (!_closed.TryGetValue(number, out var closed)) return false;
        var isGivenUp = await closed.GiveUpAsync().WaitAsync(cancellation);
        _closed.TryRemove(new(number, closed));
        return isGivenUp;
    }

    /// <summary>A few at a time: a silo that begins claims hundreds.</summary>
    /// <returns>Whether this silo is now its owner: otherwise one that may live is.</returns>
    private async Task<bool> IsClaimedInTurnAsync(int number, CancellationToken cancellation)
    {
        await _claiming.WaitAsync(cancellation);
        try
        {
            return (await ClaimAndEnterAsync(number, givenUp: 0, cancellation)).Holder is null;
        }
        finally
        {
            _claiming.Release();
        }
    }

    /// <summary>
    /// From a silo that lives, and goes on leasing from it until it is asked for it. A few at a time, and none of them waits for the turn of others: from when it is given up until
    /// it is claimed nobody leases from it. There are hundreds where a silo ends of whose activations Orleans has lost sight.
    /// </summary>
    private async Task TakeOverAsync(int number, CancellationToken cancellation)
    {
        var givenUp = 0L;
        for (var round = 0; round < MostRounds; round++)
        {
            var claim = await ClaimAndEnterAsync(number, givenUp, cancellation);
            if (claim.Holder is not { } holder) return;
            if (!await members.DeskOf(holder).GiveUpAsync(number, claim.Epoch)) givenUp = claim.Epoch;
        }
        throw new EngineException($"Shard {number} changes its owner all the time.");
    }

    private async Task<ShardClaim> ClaimAndEnterAsync(int number, long givenUp, CancellationToken cancellation)
    {
        var entering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _entering[number] = entering;
        try
        {
            var claim = await shards.ClaimAsync(number, members.Self, cluster.Cluster, givenUp, cancellation);
            if (claim.Holder is null) await EnterAsync(new Shard(number, claim.Epoch, shards), claim, cancellation);
            return claim;
        }
        finally
        {
            _entering.TryRemove(new(number, entering));
            entering.SetResult();
        }
    }

    private async Task EnterAsync(Shard shard, ShardClaim claim, CancellationToken cancellation)
    {
        // Its grants: of one that is dead, until its ownership must have ended; of one that lives, and has it no more, until now.
        if (claim.IsLost) shard.BeginAfterLoss(await shards.ReservesAsync(shard.Number, cancellation), clock.Now() + (claim.WasGivenUp ? 0 : Tenure.Waits));
        else if (claim.State is { } state && JsonSerializer.Deserialize(state, HandedShardJson.Default.HandedShard) is { } handed) shard.TakeOver(handed, clock.Now());
        _open.AddOrUpdate(shard.Number, shard, (_, before) => before.Epoch > shard.Epoch ? before : shard);
        if (Find(shard.Number) != shard) throw new EngineException($"Shard {shard.Number} is held by a later activation.");
        if (!_denied.TryGetValue(shard.Number, out var denied) || denied < shard.Epoch) return;
        await CloseAsync(shard.Number, cancellation);
        throw new EngineException($"Shard {shard.Number} was given to another silo.");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(HandedShard))]
internal sealed partial class HandedShardJson : JsonSerializerContext;
