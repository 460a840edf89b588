using Drizzle.Contracts.Model;
using Drizzle.Edge.Routing;
using Drizzle.Edge.Upstreams;

namespace Drizzle.Edge.Snapshots;

/// <summary>One revision of one tenant, compiled: routes, limits, keys and upstreams change together or not at all.</summary>
internal sealed record TenantSnapshot(
    string Slug,
    long Revision,
    TenantDocument Document,
    RouteTable Routes,
    KeyRing Keys,
    TenantAccess Access,
    IReadOnlyDictionary<string, Upstream> Upstreams,
    IReadOnlyDictionary<string, CompiledRoute> RoutesByName)
{
    private volatile bool _isReplaced;

    /// <summary>Whether another snapshot is in force, or none. Set after that is so.</summary>
    public bool IsReplaced
    {
        get => _isReplaced;
        set => _isReplaced = value;
    }

    /// <summary>What stands before a service's slug in a path.</summary>
    public string Prefix { get; } = "/" + Slug;
}
