using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Traffic;
using Drizzle.Contracts.Values;
using Drizzle.Edge.Hosting;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Upstreams;
using Microsoft.Extensions.Logging;

namespace Drizzle.Edge.Telemetry;

/// <summary>
/// Says every two seconds what is new about the routes and services of this edge, and a little of what is not, so that whoever lost it has it again.
/// Nothing of a request waits for it. One loop owns its state.
/// </summary>
internal sealed partial class TrafficReporter(EdgeIdentity identity, ITraffic traffic, GatewayState state, TimeProvider clock, ILogger<TrafficReporter> log)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // What is new beyond this waits for the next time; the old that is said again each time is all said within minutes.
    private const int MostNew = 4 * TrafficReport.MostEntries;
    private const int MostAgain = 100;

    // Routes with requests that nobody has heard of yet.
    private readonly HashSet<RouteMetrics> _untold = [];
    private readonly Dictionary<(string Tenant, string Service), ServiceHealth> _told = [];
    private bool _isHeard = true;
    private int _routesAgain;
    private int _servicesAgain;

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (await clock.PauseAsync(Every, cancellation))
        {
            try
            {
                await ReportAsync(cancellation);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogFailed(log, e);
            }
        }
    }

    /// <summary>One of a route and a service.</summary>
    private readonly record struct Entry(string Tenant, RouteMetrics? Route, ServiceHealth? Service);

    /// <summary>One round. What is not heard is as it was before, and is told in the next.</summary>
    private async Task ReportAsync(CancellationToken cancellation)
    {
        foreach (var batch in RoutesToTell().Concat(ServicesToTell()).Chunk(TrafficReport.MostEntries))
        {
            if (!await TryReportAsync(new(identity.Id, identity.StartedAt, batch.GroupBy(e => e.Tenant, StringComparer.Ordinal).Select(TrafficOf).ToValueList()), cancellation)) return;
            foreach (var (tenant, route, service) in batch)
            {
                if (route is not null) _untold.Remove(route);
                if (service is not null) _told[(tenant, service.Service)] = service;
            }
        }
    }

    private TenantTraffic TrafficOf(IGrouping<string, Entry> entries) => new(
        entries.Key,
        entries.Select(e => e.Route).OfType<RouteMetrics>().Select(r => r.Summarize(clock.GetElapsedTime(r.FirstSeenAt), clock.GetElapsedTime(r.LastSeenAt))).ToValueList(),
        entries.Select(e => e.Service).OfType<ServiceHealth>().ToValueList());

    /// <summary>Those that had requests, and then some of the others in turn.</summary>
    private List<Entry> RoutesToTell()
    {
        var used = state.Counters.Where(m => m.IsUsed).ToList();
        var now = clock.GetTimestamp();
        foreach (var route in used)
        {
            if (route.TakeTouch(now)) _untold.Add(route);
        }
        // Of routes that are gone nobody needs to hear.
        if (_untold.Count > used.Count) _untold.IntersectWith(used);
        return [.. _untold.Take(MostNew).Union(Turn(used, ref _routesAgain).Where(r => r.LastSeenAt != 0)).Select(r => new Entry(r.Tenant, r, null))];
    }

    /// <summary>Those of which something is watched, where it is not as it was told last; and some of the others in turn.</summary>
    private List<Entry> ServicesToTell()
    {
        var all = (
            from u in state.Upstreams
            where u.Upstream.Model.Health is not null || u.Upstream.Circuit is not null
            select (u.Tenant, Health: HealthOf(u.Upstream))).ToList();
        if (_told.Count > all.Count)
        {
            foreach (var gone in _told.Keys.Except(all.Select(s => (s.Tenant, s.Health.Service))).ToList()) _told.Remove(gone);
        }
        var changed = all.Where(s => _told.GetValueOrDefault((s.Tenant, s.Health.Service)) != s.Health).Take(MostNew);
        return [.. changed.Union(Turn(all, ref _servicesAgain)).Select(s => new Entry(s.Tenant, null, s.Health))];
    }

    private static IEnumerable<T> Turn<T>(List<T> all, ref int from)
    {
        var begin = from < all.Count ? from : 0;
        from = begin + MostAgain;
        return all.Skip(begin).Take(MostAgain);
    }

    private static ServiceHealth HealthOf(Upstream upstream) => new(
        upstream.Model.Slug,
        upstream.Circuit switch
        {
            null => null,
            { State: CircuitState.Closed } => CircuitPosition.Closed,
            // Who asks for it next may pass.
            { State: CircuitState.Open, WouldEnter: false } => CircuitPosition.Open,
            _ => CircuitPosition.HalfOpen,
        },
        upstream.Destinations.Select(d => new DestinationState(d.Prefix, d.IsAvailable, d.InFlight)).ToValueList());

    /// <returns>False where it was not heard.</returns>
    private async Task<bool> TryReportAsync(TrafficReport report, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await traffic.ReportAsync(report, patience.Token);
            _isHeard = true;
            return true;
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            // Once, until it is heard again.
            if (_isHeard && !cancellation.IsCancellationRequested) LogUnheard(log, e.Message);
            _isHeard = false;
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What this edge sees of its traffic is not heard, and is said again every two seconds: {Reason}")]
    private static partial void LogUnheard(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The traffic could not be reported.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
