using System.Text.Json.Serialization;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Model;

/// <summary>What belongs to no tenant.</summary>
public sealed record Platform
{
    /// <summary>Addresses or CIDR ranges of proxies in front of the edges, whose forwarded headers are believed.</summary>
    public ValueList<string> TrustedProxies { get; init; }

    /// <summary>The limit on each client address, charged before a route is looked for. Default 100/s, burst 50.</summary>
    public AddressLimit? AddressLimit { get; init; }

    /// <summary>Limits on all traffic together.</summary>
    public ValueList<Limit> Limits { get; init; }

    /// <summary>Addresses or CIDR ranges that destinations may have although they are loopback, link-local or a metadata service; loopback is allowed anyway where all is one process.</summary>
    public ValueList<string> AllowedDestinations { get; init; }

    /// <summary>Certificates by host; for others the edge's own, as its options name it.</summary>
    public ValueList<ServerCertificate> Certificates { get; init; }
}

/// <summary>A token bucket for each client address (IPv6 by /64).</summary>
public sealed record AddressLimit
{
    /// <summary>Requests per unit of time.</summary>
    public required Rate Rate { get; init; }

    /// <summary>Requests at once.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required long Burst { get; init; }
}
