using Drizzle.Contracts.Model;
using Drizzle.Contracts.Policies;
using Drizzle.Contracts.Routing;
using Drizzle.Edge.Access;
using Drizzle.Edge.Forwarding;
using Drizzle.Edge.Limits;
using Drizzle.Edge.Telemetry;
using Drizzle.Edge.Upstreams;

namespace Drizzle.Edge.Snapshots;

/// <summary>A route with everything that a request of it needs. Immutable but for its counters.</summary>
internal sealed class CompiledRoute(string name, Route? model, PathPattern[] patterns, Upstream upstream, CompiledLimit[] limits, CompiledConcurrency[] concurrency, RequestChanges changes, RouteMetrics metrics)
{
    public string Name { get; } = name;

    /// <summary>Null for a service that answers by its slug.</summary>
    public RouteMatch? Match { get; } = model?.Match;

    public bool IsImplicit => Match is null;

    /// <summary>Of its paths; none for a service that answers by its slug.</summary>
    public PathPattern[] Patterns { get; } = patterns;

    public int Priority { get; } = model?.Priority ?? 0;

    public int Cost { get; } = model?.Cost ?? 1;

    public bool IsPublic { get; } = model is { Auth: [AuthMethod.None] };

    /// <summary>A route that does not say what it wants, wants a key.</summary>
    public bool AcceptsKey { get; } = model is null || model.Auth.Count == 0 || model.Auth.Contains(AuthMethod.Key);

    public bool AcceptsToken { get; } = model?.Auth.Contains(AuthMethod.Jwt) ?? false;

    public bool AcceptsCertificate { get; } = model?.Auth.Contains(AuthMethod.Mtls) ?? false;

    public bool AllowsEncodedSlashes { get; } = model?.AllowEncodedSlashes ?? false;

    public bool ForwardsKey { get; } = model?.ForwardKey ?? false;

    public bool ForwardsToken { get; } = model?.ForwardToken ?? false;

    private readonly bool _statesMaxBody = (model?.MaxBody ?? upstream.Model.MaxBody) is not null;

    private readonly long? _maxBody = (model?.MaxBody ?? upstream.Model.MaxBody ?? Defaults.MaxBody).Bytes is > 0 and var bytes ? bytes : null;

    /// <summary>The largest request body in bytes, null for no limit. Streams are bound only by a limit that is written down.</summary>
    public long? MostBody(bool isStream) => isStream && !_statesMaxBody ? null : _maxBody;

    public CorsRules? Cors { get; } = model?.Cors is { } cors ? new CorsRules(cors, model.Match) : null;

    public Upstream Upstream { get; } = upstream;

    /// <summary>Those of tenant, service and route, in this order.</summary>
    public CompiledLimit[] Limits { get; } = limits;

    /// <summary>Those of tenant, service and route, in this order.</summary>
    public CompiledConcurrency[] Concurrency { get; } = concurrency;

    public RequestChanges Changes { get; } = changes;

    public RouteMetrics Metrics { get; } = metrics;

    private Cedar.PreparedEntity? _entity;

    /// <summary>As policies see it. Made when it is first asked for; a race makes it twice.</summary>
    /// <param name="world">Of the snapshot that this route is of.</param>
    public Cedar.PreparedEntity EntityIn(PolicyWorld world) => _entity ??= world.Route(PolicyName, Upstream.Model.Slug, model?.Tags ?? []);

    /// <summary>What policies call it: its name, unless a written route has that of a service.</summary>
    public string PolicyName { get; init; } = name;
}
