using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Engine.Orleans;

/// <summary>Where each shard was when it was last asked for. What is wrong in it is found out by asking there.</summary>
internal sealed class ShardMap(SiloConnection silos)
{
    private const int MostRounds = 3;

    private readonly string?[] _silos = new string?[BucketShards.Count];

    /// <summary>The silo of a shard; null where it is not known.</summary>
    public string? this[int shard] => Volatile.Read(ref _silos[shard]);

    /// <summary>Looks for those of these that are not known.</summary>
    /// <exception cref="EngineException">The silos do not answer.</exception>
    public async ValueTask FindAsync(IEnumerable<int> shards, CancellationToken cancellation)
    {
        int[] missing = [.. shards.Where(s => this[s] is null).Distinct()];
        if (missing.Length > 0) await AskAsync(missing, cancellation);
    }

    /// <summary>Looks for all that are not known, and whether there is anybody to ask.</summary>
    /// <returns>How many edges run.</returns>
    /// <exception cref="EngineException">The silos do not answer.</exception>
    public ValueTask<int> FindAllAsync(CancellationToken cancellation) => AskAsync([.. Enumerable.Range(0, _silos.Length).Where(s => this[s] is null)], cancellation);

    /// <summary>Puts tokens into a bucket, wherever it is; with none it only looks.</summary>
    /// <param name="tokens">Null for as many as fit.</param>
    /// <returns>The level after that; null for a bucket that is not known, and so is full.</returns>
    /// <exception cref="EngineException">Nobody owns it just now, or its silo does not answer.</exception>
    public async ValueTask<long?> FillAsync(BucketId bucket, long? tokens, CancellationToken cancellation)
    {
        var shard = BucketShards.Of(bucket);
        for (var round = 0; round < MostRounds; round++)
        {
            await FindAsync([shard], cancellation);
            if (this[shard] is not { } silo) continue;
            var filled = await silos.CallAsync(grains => grains.GetGrain<ILeaseDeskGrain>(silo).FillAsync(bucket, tokens), cancellation);
            if (filled.IsHere) return filled.Level;
            Forget(shard);
        }
        throw new EngineException("No silo owns the bucket just now; try again.");
    }

    /// <summary>It is not there any more.</summary>
    public void Forget(int shard) => Volatile.Write(ref _silos[shard], null);

    /// <summary>Nothing is there any more.</summary>
    public void Forget(string silo)
    {
        for (var i = 0; i < _silos.Length; i++)
        {
            if (this[i] == silo) Forget(i);
        }
    }

    private async ValueTask<int> AskAsync(int[] missing, CancellationToken cancellation)
    {
        var found = await silos.CallAsync(grains => grains.GetGrain<IShardFinderGrain>(0).FindAsync(missing), cancellation);
        for (var i = 0; i < missing.Length; i++) Volatile.Write(ref _silos[missing[i]], found.Silos[i]);
        return found.Edges;
    }
}
