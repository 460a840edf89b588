using System.Collections.Concurrent;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Sql.Embedded;

/// <summary>Edges of this process. One that has not been heard of for a minute is forgotten.</summary>
internal sealed class InProcessEdgeRegistry(IConfigStore store, TimeProvider clock) : IEdgeRegistry
{
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, EdgeStatus> _edges = new();

    public ValueTask<ConfigPosition> ReportAsync(EdgeReport report, CancellationToken cancellation)
    {
        _edges[report.Id] = new(report, clock.GetUtcNow());
        return store.PositionAsync(cancellation);
    }

    public ValueTask<IReadOnlyList<EdgeStatus>> ListAsync(CancellationToken cancellation)
    {
        var oldest = clock.GetUtcNow() - ForgetAfter;
        foreach (var (id, status) in _edges)
        {
            if (status.SeenAt < oldest) _edges.TryRemove(new(id, status));
        }
        return new(_edges.Values.OrderBy(s => s.Report.Id, StringComparer.Ordinal).ToList());
    }
}
