using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Engine.Orleans;

/// <summary>The buckets of all silos, for whoever administers them.</summary>
/// <param name="audit">Where what is done is noted.</param>
internal sealed class SiloLiveBuckets(SiloConnection silos, LeaseDesks desks, ShardMap shards, IAuditLog audit) : ILiveBuckets
{
    public async ValueTask<IReadOnlyList<BucketStatus>> ListAsync(BucketQuery query, CancellationToken cancellation)
    {
        var all = await silos.CallAsync(grains => grains.GetGrain<IShardFinderGrain>(0).SilosAsync(), cancellation);
        var found = await Task.WhenAll(all.Select(silo => ListAsync(silo, query, cancellation)));
        return [.. query.Pick(found.SelectMany(f => f))];
    }

    public async ValueTask<long?> FillAsync(BucketId bucket, long? tokens, AuditRecord record, CancellationToken cancellation)
    {
        var level = await shards.FillAsync(bucket, tokens, cancellation);
        if (level is not null) await audit.WriteAsync(record, cancellation);
        return level;
    }

    private async Task<BucketStatus[]> ListAsync(string silo, BucketQuery query, CancellationToken cancellation)
    {
        try
        {
            return await desks.CallAsync(silo, desk => desk.ListAsync(query), cancellation);
        }
        catch (EngineException)
        {
            shards.Forget(silo);
            throw;
        }
    }
}
