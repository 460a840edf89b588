using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Engine.Orleans;

/// <summary>The buckets of all silos, for whoever administers them.</summary>
/// <param name="audit">Where what is done is noted; null for who only looks.</param>
internal sealed class SiloLiveBuckets(SiloConnection silos, ShardMap shards, IAuditLog? audit) : ILiveBuckets
{
    private const int MostRounds = 3;

    public async ValueTask<IReadOnlyList<BucketStatus>> ListAsync(BucketQuery query, CancellationToken cancellation)
    {
        var all = await silos.CallAsync(grains => grains.GetGrain<IShardFinderGrain>(0).SilosAsync(), cancellation);
        var found = await Task.WhenAll(all.Select(silo => ListAsync(silo, query, cancellation)));
        return [.. found.SelectMany(f => f)
            .OrderByDescending(b => b.Refused).ThenBy(b => (double)b.Level / b.Rule.Burst).ThenBy(b => b.Bucket.Limit, StringComparer.Ordinal).ThenBy(b => b.Bucket.Subject, StringComparer.Ordinal)
            .Take(query.Most)];
    }

    public async ValueTask<long?> FillAsync(BucketId bucket, long? tokens, AuditRecord record, CancellationToken cancellation)
    {
        var shard = BucketShards.Of(bucket);
        for (var round = 0; round < MostRounds; round++)
        {
            await shards.FindAsync([shard], cancellation);
            if (shards[shard] is not { } silo) continue;
            var filled = await silos.CallAsync(grains => grains.GetGrain<ILeaseDeskGrain>(silo).FillAsync(bucket, tokens), cancellation);
            if (!filled.IsHere)
            {
                shards.Forget(shard);
                continue;
            }
            if (filled.Level is not null && audit is not null) await audit.WriteAsync(record, cancellation);
            return filled.Level;
        }
        throw new EngineException("No silo owns the bucket just now; try again.");
    }

    /// <summary>One bucket; null where it is not known, and so is full.</summary>
    public async ValueTask<BucketStatus?> FindAsync(BucketId bucket, CancellationToken cancellation)
    {
        var shard = BucketShards.Of(bucket);
        await shards.FindAsync([shard], cancellation);
        var scope = bucket.Limit[..Math.Max(0, bucket.Limit.IndexOf('/', StringComparison.Ordinal))];
        var query = new BucketQuery(scope, bucket.Limit[Math.Min(bucket.Limit.Length, scope.Length + 1)..], bucket.Subject, 1);
        return shards[shard] is { } silo ? (await ListAsync(silo, query, cancellation)).FirstOrDefault() : null;
    }

    private async Task<BucketStatus[]> ListAsync(string silo, BucketQuery query, CancellationToken cancellation)
    {
        try
        {
            return await silos.CallAsync(grains => grains.GetGrain<ILeaseDeskGrain>(silo).ListAsync(query), cancellation);
        }
        catch (EngineException)
        {
            shards.Forget(silo);
            throw;
        }
    }
}
