using Drizzle.Contracts.Ports;

namespace Drizzle.Edge.Tests.Hosting;

/// <summary>An engine of which a test puts one part in the place of the real one's.</summary>
internal abstract class WrappedEngine(IEngine inner) : IEngine
{
    public virtual bool IsShared => inner.IsShared;

    public IConfigStore Store => inner.Store;

    public virtual IConfigFeed Feed => inner.Feed;

    public virtual IEdgeRegistry Edges => inner.Edges;

    public IBuckets Buckets => inner.Buckets;

    public IBucketOwner? BucketOwner => inner.BucketOwner;

    public ILiveBuckets LiveBuckets => inner.LiveBuckets;

    public IAccessTokens Tokens => inner.Tokens;

    public IUsers Users => inner.Users;

    public ILogins Logins => inner.Logins;

    public IAuditLog Audit => inner.Audit;

    public IEventLog Events => inner.Events;

    public virtual IQuotaLedger Quotas => inner.Quotas;

    public virtual IUsageLedger Usage => inner.Usage;

    public virtual ITraffic Traffic => inner.Traffic;

    public virtual ValueTask DisposeAsync() => inner.DisposeAsync();
}
