using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Engine.Orleans;

/// <summary>Edges report to the silos, who keep it in the database, where an admin looks.</summary>
internal sealed class SiloEdgeRegistry(AnyWay desk, SiloConfigFeed feed, IEdgeRegistry database) : IEdgeRegistry
{
    public async ValueTask<ConfigPosition> ReportAsync(EdgeReport report, CancellationToken cancellation)
    {
        var position = await desk.CallAsync((grains, way) => grains.GetGrain<IEdgeDeskGrain>(way).ReportAsync(report), cancellation);
        // A push may be lost; the answer to a heartbeat is not.
        if (position != report.Applied) feed.Renew();
        return position;
    }

    public ValueTask<bool> ForgetAsync(string id, CancellationToken cancellation) => desk.CallAsync((grains, way) => grains.GetGrain<IEdgeDeskGrain>(way).ForgetAsync(id), cancellation);

    public ValueTask<IReadOnlyList<EdgeStatus>> ListAsync(CancellationToken cancellation) => database.ListAsync(cancellation);

    public IAsyncEnumerable<IReadOnlyList<EdgeStatus>> WatchAsync(CancellationToken cancellation) => database.WatchAsync(cancellation);
}
