using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Model;

/// <summary>All that an edge needs to know of one tenant: it is stored, pushed and compiled as one.</summary>
public sealed record TenantDocument
{
    public required Tenant Tenant { get; init; }

    /// <summary>The tenant's keys, by hash; never part of a configuration file.</summary>
    public ValueList<ApiKey> Keys { get; init; }

    /// <summary>Which of its objects are kept in files; never part of one.</summary>
    public ValueList<ObjectOwner> Owners { get; init; }
}
