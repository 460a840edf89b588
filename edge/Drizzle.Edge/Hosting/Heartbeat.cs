using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Values;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Hosting;

/// <summary>
/// Says where this edge is, after every change and every five seconds, and keeps account of when it last knew that it was up to date.
/// </summary>
internal sealed class Heartbeat(EdgeIdentity identity, EdgeOptions options, IEdgeRegistry edges, GatewayState state, OpenRequests open, ConfigCache? cache, TimeProvider clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _wake = new(0);

    // Touched by the one loop below: a position that was current then and is not in force yet.
    private (ConfigPosition Position, long At)? _awaited;

    public void Wake() => _wake.Release();

    /// <param name="address">Where this edge's gateway can be reached, asked anew each time, since it is known only once it listens.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(Func<string> address, CancellationToken cancellation)
    {
        if (options.MaxStaleness is { } most && state.StaleAt == long.MaxValue) state.ServeUntil(clock.GetTimestamp(), most, clock);
        while (true)
        {
            var askedAt = clock.GetTimestamp();
            var report = new EdgeReport(identity.Id, identity.Version, address(), identity.StartedAt, state.Position, state.Refused.ToValueList(), options.MaxStaleness);
            try
            {
                HeardThat(await ReportAsync(report, cancellation), askedAt);
            }
            catch (Exception e) when (e is EngineException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                // The engine is away; the feed says so in the log, and the next heartbeat tries again.
            }
            if (clock.GetTimestamp() > state.StaleAt) open.CutAll();
            await _wake.WaitAsync(Every, cancellation);
        }
    }

    /// <summary>One that is not answered in time is none: what follows from being out of touch must not wait for it.</summary>
    private async Task<ConfigPosition> ReportAsync(EdgeReport report, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Every);
        return await edges.ReportAsync(report, patience.Token);
    }

    /// <summary>Nobody waits for this edge any more.</summary>
    public async Task LeaveAsync(CancellationToken cancellation)
    {
        try
        {
            await edges.ForgetAsync(identity.Id, cancellation);
        }
        catch (EngineException)
        {
            // The engine is away: it will notice the silence.
        }
    }

    private void HeardThat(ConfigPosition position, long at)
    {
        if (_awaited is { } awaited && IsInForce(awaited.Position)) UpToDateAt(awaited.At);
        if (IsInForce(position)) UpToDateAt(at);
        else _awaited ??= (position, at);
    }

    private bool IsInForce(ConfigPosition position) => state.Position is var now && now.Epoch == position.Epoch && now.Revision >= position.Revision;

    private void UpToDateAt(long at)
    {
        _awaited = null;
        cache?.UpToDate();
        if (options.MaxStaleness is { } most) state.ServeUntil(at, most, clock);
    }
}
