using System.Globalization;
using Drizzle.Edge.Telemetry;

namespace Drizzle.Edge.Limits;

/// <summary>What limits and quotas have in common: what answers and metrics show of them.</summary>
/// <param name="Most">Tokens that there can be: the burst or the amount.</param>
/// <param name="WindowSeconds">In which there are so many again.</param>
internal abstract record NamedLimit(string Name, string Tenant, long Most, long WindowSeconds)
{
    private LimitDecisions? _decisions;

    /// <summary>The item of RateLimit-Policy that speaks of it.</summary>
    public string PolicyItem { get; } = $"\"{Name}\";q={Most};w={WindowSeconds}";

    /// <summary>What its item of RateLimit begins with, up to the number of tokens left.</summary>
    public string StateStart { get; } = $"\"{Name}\";r=";

    /// <summary>The most, as headers show it.</summary>
    public string MostText { get; } = Most.ToString(CultureInfo.InvariantCulture);

    /// <summary>Where its decisions are counted.</summary>
    public LimitDecisions DecisionsIn(EdgeMetrics metrics) => _decisions ??= metrics.LimitDecisionsOf(Tenant, Name);
}
