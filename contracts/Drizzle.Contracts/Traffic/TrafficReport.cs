using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Traffic;

/// <summary>What an edge knows of one tenant's traffic; not all of it, but what is new.</summary>
public sealed record TenantTraffic(string Tenant, ValueList<RouteTraffic> Routes, ValueList<ServiceHealth> Services);

/// <summary>An edge's traffic. Counts are totals since it started, so that a report that is lost or brought twice does no harm.</summary>
/// <param name="StartedAt">Tells its totals from those of an edge of the same name before.</param>
public sealed record TrafficReport(string Edge, DateTimeOffset StartedAt, ValueList<TenantTraffic> Tenants)
{
    /// <summary>The most routes and services in one.</summary>
    public const int MostEntries = 500;
}

/// <summary>What an edge said last of something.</summary>
/// <param name="StartedAt">When the edge started.</param>
/// <param name="At">When it was heard.</param>
public sealed record Heard<T>(string Edge, DateTimeOffset StartedAt, DateTimeOffset At, T What);

/// <summary>What is known of one tenant's traffic, by service, route and edge.</summary>
public sealed record KnownTraffic(IReadOnlyList<Heard<RouteTraffic>> Routes, IReadOnlyList<Heard<ServiceHealth>> Services)
{
    /// <summary>What was not heard again for so long is forgotten; edges repeat themselves more often.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    /// <summary>For how long after a tenant was forgotten nothing is taken of one of its name.</summary>
    public static readonly TimeSpan DeafFor = TimeSpan.FromSeconds(10);

    /// <summary>The most routes of edges that one answer names: those that were heard of last.</summary>
    public const int Most = 20_000;

    public static KnownTraffic None { get; } = new([], []);
}
