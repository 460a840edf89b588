using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Drizzle.Edge.Certificates;
using Drizzle.Edge.Limits;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Tokens;
using Drizzle.Edge.Upstreams;

namespace Drizzle.Edge.Telemetry;

/// <summary>The edge's instruments. Requests are counted on their routes and observed; times are recorded.</summary>
internal sealed class EdgeMetrics : IDisposable
{
    private readonly Meter _meter = new("Drizzle.Edge");
    private readonly RouteMetrics _unrouted = new("", "", "");
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _upstream;
    private readonly Histogram<double> _apply;
    private readonly ConcurrentDictionary<(string Tenant, string Limit), LimitDecisions> _limits = new();
    private readonly ConcurrentDictionary<string, LimitDecisions> _policies = new(StringComparer.Ordinal);
    private readonly Counter<long> _policyErrors;
    private readonly Counter<long> _shadow;
    private readonly Counter<long> _authentication;
    private readonly Counter<long> _refusedRevisions;
    private readonly Counter<long> _logDropped;
    private readonly Counter<long> _usageLost;

    /// <param name="leased">Null where this process owns the buckets.</param>
    /// <param name="quotas">Null where none are counted.</param>
    public EdgeMetrics(string edge, GatewayState state, LeasedBuckets? leased, QuotaDesk? quotas)
    {
        _duration = _meter.CreateHistogram<double>("drizzle_request_duration_seconds", "s", "From the request's head to the end of its answer.");
        _upstream = _meter.CreateHistogram<double>("drizzle_upstream_duration_seconds", "s", "Of that, time spent on the destination.");
        _apply = _meter.CreateHistogram<double>("drizzle_config_apply_seconds", "s", "From a batch of changes to its being in force.");
        _meter.CreateObservableCounter("drizzle_limit_decisions_total", Decisions, null, "Decisions of limits.");
        _meter.CreateObservableCounter("drizzle_policy_decisions_total", PolicyDecisions, null, "Decisions of a tenant's policies.");
        _policyErrors = _meter.CreateCounter<long>("drizzle_policy_errors_total", null, "Policies that could not be evaluated; without a name where the decision failed as a whole and the request was denied.");
        _shadow = _meter.CreateCounter<long>("drizzle_policy_shadow_total", null, "Requests to which a shadow policy would apply.");
        _authentication = _meter.CreateCounter<long>("drizzle_auth_failures_total", null, "Requests without an accepted credential.");
        _refusedRevisions = _meter.CreateCounter<long>("drizzle_config_refused_total", null, "Revisions that did not compile.");
        _logDropped = _meter.CreateCounter<long>("drizzle_access_log_dropped_total", null, "Access log lines that were dropped because the log could not keep up.");
        _usageLost = _meter.CreateCounter<long>("drizzle_usage_lost_total", null, "Requests that are missing in the usage, because too many new consumers and routes came at once.");
        _meter.CreateObservableCounter("drizzle_requests_total", () => Requests(state), null, "Requests.");
        _meter.CreateObservableGauge("drizzle_config_revision", () => new Measurement<long>(state.Position.Revision, new KeyValuePair<string, object?>("edge", edge)), null, "The revision in force.");
        if (leased is not null)
        {
            _meter.CreateObservableGauge("drizzle_leased_tokens", () => leased.Held, null, "Tokens in hand: what may be admitted without the owner of the buckets being asked.");
            _meter.CreateObservableGauge("drizzle_bucket_owner_up", () => leased.IsOwnerUp ? 1 : 0, null, "Whether the owner of the buckets answers.");
        }
        if (quotas is not null) _meter.CreateObservableGauge("drizzle_quota_ledger_up", () => quotas.IsLedgerUp ? 1 : 0, null, "Whether the ledger of quotas answers.");
        _meter.CreateObservableGauge("drizzle_destination_up", () => Destinations(state), null, "Whether a destination gets requests.");
        _meter.CreateObservableGauge("drizzle_issuer_up", () => Issuers(state), null, "Whether the keys of an issuer could be fetched when that was last tried.");
        _meter.CreateObservableGauge("drizzle_circuit_open", () => Circuits(state), null, "Whether a service's circuit is open.");
    }

    /// <summary>Shows when certificates end.</summary>
    public ServerCertificates Watched(ServerCertificates certificates)
    {
        _meter.CreateObservableGauge("drizzle_certificate_expires_timestamp_seconds", () => certificates.ByHost.Select(c => new Measurement<long>(c.Value.ExpiresAt.ToUnixTimeSeconds(), new KeyValuePair<string, object?>("host", c.Key))), "s", "When a host's certificate ends, in Unix time.");
        return certificates;
    }

    public void RequestEnded(RouteMetrics? route, string method, int code, TimeSpan duration, TimeSpan upstream)
    {
        var metrics = route ?? _unrouted;
        metrics.Count(method, code, duration);
        if (_duration.Enabled) _duration.Record(duration.TotalSeconds, metrics.Tags);
        if (_upstream.Enabled && upstream > TimeSpan.Zero) _upstream.Record(upstream.TotalSeconds, metrics.Tags);
    }

    public LimitDecisions LimitDecisionsOf(string tenant, string limit) => _limits.GetOrAdd((tenant, limit), static _ => new LimitDecisions());

    public void PolicyDecided(string tenant, bool isAllowed) => _policies.GetOrAdd(tenant, static _ => new LimitDecisions()).Add(isAllowed);

    public void PolicyErred(string tenant, string policy) => _policyErrors.Add(1, new("tenant", tenant), new("policy", policy));

    public void ShadowApplied(string tenant, string policy) => _shadow.Add(1, new("tenant", tenant), new("policy", policy));

    public void AuthenticationFailed(string tenant, string reason) => _authentication.Add(1, new("tenant", tenant), new("reason", reason));

    public void ConfigApplied(TimeSpan time) => _apply.Record(time.TotalSeconds);

    public void RevisionRefused(string tenant) => _refusedRevisions.Add(1, new KeyValuePair<string, object?>("tenant", tenant));

    public void LogDropped(long lines) => _logDropped.Add(lines);

    public void UsageLost() => _usageLost.Add(1);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Decisions() => _limits.SelectMany(limit => limit.Value.Read(), static (limit, seen) => new Measurement<long>(
        seen.Count, new("tenant", limit.Key.Tenant), new("limit", limit.Key.Limit), new("outcome", seen.Outcome)));

    private IEnumerable<Measurement<long>> PolicyDecisions() => _policies.SelectMany(tenant => tenant.Value.Read(), static (tenant, seen) => new Measurement<long>(
        seen.Count, new("tenant", tenant.Key), new("decision", seen.Outcome == "admitted" ? "allow" : "deny")));

    private IEnumerable<Measurement<long>> Requests(GatewayState state)
    {
        return state.Counters.Append(_unrouted).SelectMany(route => route.Read(), static (route, seen) => new Measurement<long>(
            seen.Count,
            new("tenant", route.Tenant), new("service", route.Service), new("route", route.Route), new("method", seen.Method), new("code", seen.Code)));
    }

    private static IEnumerable<Measurement<int>> Issuers(GatewayState state) =>
        from slot in state.Index.Slots.Values
        from issuer in slot.Current.Tokens.Issuers
        let isUp = (issuer.Source as FetchedKeySource)?.IsUp
        where isUp is not null
        select new Measurement<int>(isUp == true ? 1 : 0, new("tenant", slot.Current.Slug), new("issuer", issuer.Name));

    private static IEnumerable<Measurement<int>> Destinations(GatewayState state) =>
        from u in state.Upstreams
        where u.Upstream.Model.Health is not null
        from destination in u.Upstream.Destinations
        select new Measurement<int>(destination.IsAvailable ? 1 : 0, new("tenant", u.Tenant), new("service", u.Upstream.Model.Slug), new("destination", destination.Prefix));

    private static IEnumerable<Measurement<int>> Circuits(GatewayState state) =>
        from u in state.Upstreams
        where u.Upstream.Circuit is not null
        select new Measurement<int>(u.Upstream.Circuit?.State == CircuitState.Open ? 1 : 0, new("tenant", u.Tenant), new("service", u.Upstream.Model.Slug));
}
