using Drizzle.Edge.Telemetry;

namespace Drizzle.Edge.Limits;

/// <summary>What limits and quotas have in common: a name that answers and metrics show.</summary>
internal abstract record NamedLimit(string Name, string Tenant)
{
    private LimitDecisions? _decisions;

    /// <summary>What its item of RateLimit begins with, up to the number of tokens left.</summary>
    public string StateStart { get; } = $"\"{Name}\";r=";

    /// <summary>Where its decisions are counted.</summary>
    public LimitDecisions DecisionsIn(EdgeMetrics metrics) => _decisions ??= metrics.LimitDecisionsOf(Tenant, Name);
}
