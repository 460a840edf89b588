using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Engine.Orleans;

/// <summary>Edges report to the silos, who keep it in the database, where an admin looks.</summary>
internal sealed class SiloEdgeRegistry(SiloConnection silos, SiloConfigFeed feed, IEdgeRegistry database) : IEdgeRegistry
{
    public async ValueTask<ConfigPosition> ReportAsync(EdgeReport report, CancellationToken cancellation)
    {
        var position = await silos.CallAsync(grains => grains.GetGrain<IEdgeDeskGrain>(0).ReportAsync(report), cancellation);
        // A push may be lost; the answer to a heartbeat is not.
        if (position != report.Applied) feed.Renew();
        return position;
    }

    public ValueTask<bool> ForgetAsync(string id, CancellationToken cancellation) => silos.CallAsync(grains => grains.GetGrain<IEdgeDeskGrain>(0).ForgetAsync(id), cancellation);

    public ValueTask<IReadOnlyList<EdgeStatus>> ListAsync(CancellationToken cancellation) => database.ListAsync(cancellation);

    public IAsyncEnumerable<IReadOnlyList<EdgeStatus>> WatchAsync(CancellationToken cancellation) => database.WatchAsync(cancellation);
}
