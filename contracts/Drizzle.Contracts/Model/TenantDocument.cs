using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Model;

/// <summary>All that an edge needs to know of one tenant: it is stored, pushed and compiled as one.</summary>
public sealed record TenantDocument
{
    public required Tenant Tenant { get; init; }

    /// <summary>The tenant's keys, by hash; never part of a configuration file.</summary>
    public ValueList<ApiKey> Keys { get; init; }
}
