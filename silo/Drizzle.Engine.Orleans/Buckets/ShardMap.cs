using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Engine.Orleans;

/// <summary>Where each shard was when it was last asked for. What is wrong in it is found out by asking there.</summary>
internal sealed class ShardMap(SiloConnection silos, LeaseDesks desks)
{
    private const int MostRounds = 3;

    /// <summary>So many are looked for, to see whether a silo has lost what it had.</summary>
    private const int MostAskedOfOne = 8;

    /// <summary>The finder itself waits a fifth of a second for shards that do not answer, and takes a while where it is asked for all at once.</summary>
    private static readonly TimeSpan FinderPatience = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan FinderPatienceForEach = TimeSpan.FromMilliseconds(1);

    /// <summary>A shard that moves from one silo to another is there again before that.</summary>
    private static readonly TimeSpan LongestMove = TimeSpan.FromMilliseconds(500);

    private readonly AnyWay _finder = new(silos);

    private readonly string?[] _silos = new string?[BucketShards.Count];

    // When each was last known, as timestamps.
    private readonly long[] _knownAt = new long[BucketShards.Count];

    // Those that somebody looks for just now.
    private readonly int[] _isLookedFor = new int[BucketShards.Count];

    /// <summary>The silo of a shard; null where it is not known.</summary>
    public string? this[int shard] => Volatile.Read(ref _silos[shard]);

    /// <summary>Whether a shard was known until a moment ago, so that it may be moving.</summary>
    public bool MayBeMoving(int shard) => Volatile.Read(ref _knownAt[shard]) is not 0 and var at && TimeProvider.System.GetElapsedTime(at) < LongestMove;

    /// <summary>Looks for those of these that are not known, and whether there is anybody to ask. For what another call looks for already it does not wait.</summary>
    /// <returns>How many edges run.</returns>
    /// <exception cref="EngineException">The silos do not answer.</exception>
    public async ValueTask<int> LookForAsync(IEnumerable<int> shards, CancellationToken cancellation)
    {
        int[] missing = [.. shards.Where(s => this[s] is null).Distinct().Where(s => Interlocked.Exchange(ref _isLookedFor[s], 1) == 0)];
        try
        {
            return await AskAsync(missing, cancellation);
        }
        finally
        {
            foreach (var s in missing) Volatile.Write(ref _isLookedFor[s], 0);
        }
    }

    /// <summary>Puts tokens into a bucket, wherever it is; with none it only looks.</summary>
    /// <param name="tokens">Null for as many as fit.</param>
    /// <returns>The level after that; null for a bucket that is not known, and so is full.</returns>
    /// <exception cref="EngineException">Nobody owns it just now, or its silo does not answer.</exception>
    public async ValueTask<long?> FillAsync(BucketId bucket, long? tokens, CancellationToken cancellation)
    {
        var shard = BucketShards.Of(bucket);
        for (var round = 0; round < MostRounds; round++)
        {
            if (this[shard] is null) await AskAsync([shard], cancellation);
            if (this[shard] is not { } silo) continue;
            var filled = await desks.CallAsync(silo, desk => desk.FillAsync(bucket, tokens), cancellation);
            if (filled.IsHere) return filled.Level;
            Forget(shard, silo);
        }
        throw new EngineException("No silo owns the bucket just now; try again.");
    }

    /// <summary>It is not at this silo any more.</summary>
    public void Forget(int shard, string silo)
    {
        // Somebody else may have found it elsewhere meanwhile.
        var known = this[shard];
        if (known == silo && ReferenceEquals(Interlocked.CompareExchange(ref _silos[shard], null, known), known)) Volatile.Write(ref _knownAt[shard], TimeProvider.System.GetTimestamp());
    }

    /// <summary>Nothing is there any more.</summary>
    public void Forget(string silo)
    {
        for (var i = 0; i < _silos.Length; i++) Forget(i, silo);
    }

    /// <summary>Whether any shard is known to be at this silo.</summary>
    public bool IsAnyAt(string silo) => IsAny(at => at == silo);

    /// <summary>Whether any shard is known to be at such a silo.</summary>
    public bool IsAny(Predicate<string> silo) => Array.Exists(_silos, at => at is not null && silo(at));

    /// <summary>Whether any of these is not known, and nobody looks for it.</summary>
    public bool IsAnyToLookFor(int[] shards) => Array.Exists(shards, s => this[s] is null && Volatile.Read(ref _isLookedFor[s]) == 0);

    /// <summary>Whether some shards that were at this silo are at others now, and none is there.</summary>
    /// <exception cref="EngineException">The silos do not answer.</exception>
    public async ValueTask<bool> IsGoneAsync(string silo)
    {
        int[] some = [.. Enumerable.Range(0, _silos.Length).Where(s => this[s] == silo).Take(MostAskedOfOne)];
        var found = (await FindAsync(some, CancellationToken.None)).Silos;
        return Array.Exists(found, at => at is not null) && !found.Contains(silo);
    }

    private async ValueTask<int> AskAsync(int[] missing, CancellationToken cancellation)
    {
        var found = await FindAsync(missing, cancellation);
        for (var i = 0; i < missing.Length; i++)
        {
            if (found.Silos[i] is { } silo) Volatile.Write(ref _silos[missing[i]], silo);
        }
        return found.Edges;
    }

    private ValueTask<FoundShards> FindAsync(int[] shards, CancellationToken cancellation) =>
        _finder.CallAsync((grains, way) => grains.GetGrain<IShardFinderGrain>(way).FindAsync(shards).WaitAsync(FinderPatience + (shards.Length * FinderPatienceForEach), TimeProvider.System), cancellation);
}
