using Drizzle.Contracts.Ports;

namespace Drizzle.Benchmarks.Routes;

/// <summary>An engine that tells, without being asked again and again, when an edge has a revision in force.</summary>
internal sealed class ObservedEngine(IEngine engine) : IEngine, IEdgeRegistry
{
    private readonly Lock _changing = new();
    private long _applied;
    private long _wanted = long.MaxValue;
    private TaskCompletionSource? _reached;

    public bool IsShared => engine.IsShared;

    public IConfigStore Store => engine.Store;

    public IConfigFeed Feed => engine.Feed;

    public IEdgeRegistry Edges => this;

    public IBuckets Buckets => engine.Buckets;

    public IBucketOwner? BucketOwner => engine.BucketOwner;

    public ILiveBuckets LiveBuckets => engine.LiveBuckets;

    public IAccessTokens Tokens => engine.Tokens;

    public IUsers Users => engine.Users;

    public ILogins Logins => engine.Logins;

    public IAuditLog Audit => engine.Audit;

    public IEventLog Events => engine.Events;

    public IQuotaLedger Quotas => engine.Quotas;

    public IUsageLedger Usage => engine.Usage;

    public ITraffic Traffic => engine.Traffic;

    /// <summary>One waiter at a time.</summary>
    public Task AppliedAsync(long revision)
    {
        lock (_changing)
        {
            if (_applied >= revision) return Task.CompletedTask;
            _wanted = revision;
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _reached.Task;
        }
    }

    public ValueTask<ConfigPosition> ReportAsync(EdgeReport report, CancellationToken cancellation)
    {
        lock (_changing)
        {
            _applied = report.Applied.Revision;
            if (_applied >= _wanted)
            {
                _wanted = long.MaxValue;
                _reached?.TrySetResult();
            }
        }
        return engine.Edges.ReportAsync(report, cancellation);
    }

    public ValueTask<bool> ForgetAsync(string id, CancellationToken cancellation) => engine.Edges.ForgetAsync(id, cancellation);

    public IAsyncEnumerable<IReadOnlyList<EdgeStatus>> WatchAsync(CancellationToken cancellation) => engine.Edges.WatchAsync(cancellation);

    public ValueTask<IReadOnlyList<EdgeStatus>> ListAsync(CancellationToken cancellation) => engine.Edges.ListAsync(cancellation);

    public ValueTask DisposeAsync() => engine.DisposeAsync();
}
