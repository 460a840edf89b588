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

    /// <summary>One round.</summary>
    internal async Task ReportAsync(CancellationToken cancellation)
    {
        var routes = RoutesToTell();
        var services = ServicesToTell();
        var entries = routes.Select(r => (r.Tenant, Route: (RouteMetrics?)r, Service: (ServiceHealth?)null)).Concat(services.Select(s => (s.Tenant, Route: (RouteMetrics?)null, Service: (ServiceHealth?)s.Health)));
        foreach (var batch in entries.Chunk(TrafficReport.MostEntries))
        {
            if (await TryReportAsync(new(identity.Id, identity.StartedAt, batch.GroupBy(e => e.Tenant, StringComparer.Ordinal).Select(Tenant).ToValueList()), cancellation))
            {
                foreach (var (_, route, _) in batch.Where(e => e.Route is not null)) _untold.Remove(route!);
                continue;
            }
            foreach (var (tenant, _, service) in batch.Where(e => e.Service is not null)) _told.Remove((tenant, service!.Service));
            return;
        }
    }

    private TenantTraffic Tenant(IGrouping<string, (string Tenant, RouteMetrics? Route, ServiceHealth? Service)> entries) => new(
        entries.Key,
        entries.Select(e => e.Route).OfType<RouteMetrics>().Select(r => r.Summarize(clock.GetElapsedTime(r.FirstSeenAt), clock.GetElapsedTime(r.LastSeenAt))).ToValueList(),
        entries.Select(e => e.Service).OfType<ServiceHealth>().ToValueList());

    /// <summary>Those that had requests, and then some of the others in turn.</summary>
    private List<RouteMetrics> RoutesToTell()
    {
        var used = state.Index.Slots.Values.SelectMany(s => s.Current.RoutesByName.Values).Select(r => r.Metrics).Where(m => m.IsUsed).Distinct().ToList();
        var now = clock.GetTimestamp();
        foreach (var route in used)
        {
            if (route.TakeTouch(now)) _untold.Add(route);
        }
        // Of routes that are gone nobody needs to hear.
        if (_untold.Count > used.Count) _untold.IntersectWith(used);
        return [.. _untold.Take(MostNew).Union(Turn(used, ref _routesAgain).Where(r => r.LastSeenAt != 0))];
    }

    /// <summary>Those of which something is watched, where it is not as it was told last; and some of the others in turn.</summary>
    private List<(string Tenant, ServiceHealth Health)> ServicesToTell()
    {
        var all = (
            from slot in state.Index.Slots.Values
            from upstream in slot.Current.Upstreams.Values
            where upstream.Model.Health is not null || upstream.Circuit is not null
            select (Tenant: slot.Current.Slug, Health: HealthOf(upstream))).ToList();
        var told = all.Where(s => _told.GetValueOrDefault((s.Tenant, s.Health.Service)) != s.Health).Take(MostNew).Union(Turn(all, ref _servicesAgain)).ToList();
        foreach (var (tenant, health) in told) _told[(tenant, health.Service)] = health;
        if (_told.Count > all.Count)
        {
            foreach (var gone in _told.Keys.Except(all.Select(s => (s.Tenant, s.Health.Service))).ToList()) _told.Remove(gone);
        }
        return told;
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
