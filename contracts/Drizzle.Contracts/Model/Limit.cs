using System.Text.Json.Serialization;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Model;

/// <summary>A token bucket. A request passes all its limits or is charged for none.</summary>
public sealed record Limit
{
    /// <summary>Unique where it stands; shown in answers, metrics and errors.</summary>
    public required string Name { get; init; }

    /// <summary>Refill.</summary>
    public required Rate Rate { get; init; }

    /// <summary>Tokens at most, so requests at once.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required long Burst { get; init; }

    /// <summary>
    /// One bucket for each combination of: <c>platform</c>, <c>tenant</c>, <c>service</c>, <c>route</c>, <c>consumer</c>, <c>key</c>,
    /// <c>clientId</c>, <c>address</c>, <c>header:NAME</c>, <c>claim:NAME</c>. Default: where the limit stands.
    /// </summary>
    public ValueList<string> By { get; init; }

    /// <summary>What happens while the bucket's owner does not answer; an owner in the same process always does. Default local.</summary>
    public OnFailure? OnFailure { get; init; }
}

public enum OnFailure
{
    /// <summary>An edge goes on with its share.</summary>
    Local,

    /// <summary>Everything passes.</summary>
    Allow,

    /// <summary>Nothing passes.</summary>
    Deny,
}

/// <summary>A count over a calendar window, in the tenant's time zone.</summary>
public sealed record Quota
{
    /// <summary>Unique in the plan.</summary>
    public required string Name { get; init; }

    /// <summary>Requests in one window.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required long Amount { get; init; }

    /// <summary>The window.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required QuotaWindow Per { get; init; }

    /// <summary>As a limit's. Default consumer.</summary>
    public ValueList<string> By { get; init; }

    /// <summary>
    /// What happens while the ledger does not answer. By default, local: an edge goes on with its part of what was left when it heard last, and the ledger counts
    /// that afterwards.
    /// </summary>
    public OnFailure? OnFailure { get; init; }
}

/// <summary>As many requests as may be under way at once, on each edge.</summary>
public sealed record ConcurrencyLimit
{
    /// <summary>Unique where it stands; shown in answers, metrics and errors.</summary>
    public required string Name { get; init; }

    /// <summary>Requests under way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required int Most { get; init; }

    /// <summary>As a limit's. Default: where it stands.</summary>
    public ValueList<string> By { get; init; }
}

public enum QuotaWindow
{
    Minute,
    Hour,
    Day,
    Month,
}

/// <summary>A named set of limits and quotas that consumers are on.</summary>
public sealed record Plan
{
    /// <summary>Unique in the tenant.</summary>
    public required string Name { get; init; }

    /// <summary>Limits on each consumer of the plan, unless they say otherwise.</summary>
    public ValueList<Limit> Limits { get; init; }

    /// <summary>Quotas of each consumer of the plan.</summary>
    public ValueList<Quota> Quotas { get; init; }

    /// <summary>Limits on how many requests of each consumer of the plan are under way.</summary>
    public ValueList<ConcurrencyLimit> Concurrency { get; init; }
}
