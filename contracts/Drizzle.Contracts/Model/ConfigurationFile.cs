using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Model;

/// <summary>What one configuration file holds: the platform's settings, if it states them, and any number of tenants.</summary>
public sealed record ConfigurationFile
{
    /// <summary>What belongs to no tenant.</summary>
    public Platform? Platform { get; init; }

    /// <summary>The tenants; each is applied whole or not at all.</summary>
    public ValueList<Tenant> Tenants { get; init; }
}
