using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql.Documents;

namespace Drizzle.Engine.Sql.Embedded;

/// <summary>Edges of this process.</summary>
internal sealed class InProcessEdgeRegistry(IConfigStore store, TimeProvider clock) : IEdgeRegistry
{
    private readonly Lock _changing = new();
    private readonly SortedDictionary<string, Entry> _edges = new(StringComparer.Ordinal);
    private readonly Signal _news = new();

    /// <param name="DisputedAt">When an edge that started earlier last said that it has this id too.</param>
    private sealed record Entry(EdgeReport Report, DateTimeOffset SeenAt, DateTimeOffset AppliedAt, DateTimeOffset? DisputedAt);

    public ValueTask<ConfigPosition> ReportAsync(EdgeReport report, CancellationToken cancellation)
    {
        lock (_changing)
        {
            var before = _edges.GetValueOrDefault(report.Id);
            var after = Next(before, report, clock.GetUtcNow());
            _edges[report.Id] = after;
            if (before?.Report != after.Report || before.DisputedAt is null != after.DisputedAt is null) _news.Raise();
        }
        return store.PositionAsync(cancellation);
    }

    public ValueTask<bool> ForgetAsync(string id, CancellationToken cancellation)
    {
        lock (_changing)
        {
            if (!_edges.Remove(id)) return new(false);
        }
        _news.Raise();
        return new(true);
    }

    public ValueTask<IReadOnlyList<EdgeStatus>> ListAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        lock (_changing)
        {
            var all = _edges.Values.Select(e => new EdgeStatus(e.Report, e.SeenAt, now - e.SeenAt, e.AppliedAt, now - e.DisputedAt <= EdgeStatus.LiveFor)).ToList();
            foreach (var gone in all.Where(e => !e.IsListed)) _edges.Remove(gone.Report.Id);
            return new(all.FindAll(e => e.IsListed));
        }
    }

    public IAsyncEnumerable<IReadOnlyList<EdgeStatus>> WatchAsync(CancellationToken cancellation) => _news.FollowAsync(ListAsync, cancellation);

    private static Entry Next(Entry? before, EdgeReport report, DateTimeOffset now)
    {
        if (before is null) return new(report, now, now, null);
        var isOlder = report.StartedAt < before.Report.StartedAt && now - before.SeenAt <= EdgeStatus.LiveFor;
        return isOlder ? before with { DisputedAt = now } : new(report, now, report.Applied == before.Report.Applied ? before.AppliedAt : now, before.DisputedAt);
    }
}
