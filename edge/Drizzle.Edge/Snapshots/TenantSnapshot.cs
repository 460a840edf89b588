using Drizzle.Contracts.Model;
using Drizzle.Edge.Certificates;
using Drizzle.Edge.Routing;
using Drizzle.Edge.Tokens;
using Drizzle.Edge.Upstreams;

namespace Drizzle.Edge.Snapshots;

/// <summary>One revision of one tenant, compiled: routes, limits, keys and upstreams change together or not at all.</summary>
internal sealed record TenantSnapshot(
    string Slug,
    long Revision,
    TenantDocument Document,
    RouteTable Routes,
    IReadOnlyDictionary<string, CompiledConsumer> Consumers,
    KeyRing Keys,
    TenantTokens Tokens,
    ClientTrust? Trust,
    HttpsRules Https,
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

    /// <summary>Whether some credential that was good here may not be in what came after; null for nothing at all.</summary>
    public bool HasLostCredentials(TenantSnapshot? after) => Keys.HasLost(after?.Keys) || Tokens.HasLost(after?.Tokens) || (Trust is not null && !ReferenceEquals(Trust, after?.Trust));

    /// <summary>What stands before a service's slug in a path.</summary>
    public string Prefix { get; } = "/" + Slug;
}
