using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Sql.Embedded;

internal sealed class InProcessLiveBuckets(InProcessBuckets buckets, IAuditLog audit) : ILiveBuckets
{
    public ValueTask<IReadOnlyList<BucketStatus>> ListAsync(BucketQuery query, CancellationToken cancellation) => new(buckets.List(query));

    /// <summary>The audit first: what cannot be kept there is not done.</summary>
    public async ValueTask<long?> FillAsync(BucketId bucket, long? tokens, AuditRecord record, CancellationToken cancellation)
    {
        if (!buckets.Knows(bucket)) return null;
        await audit.WriteAsync(record, cancellation);
        return buckets.Fill(bucket, tokens);
    }
}
