using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;

namespace Drizzle.Edge.Limits;

/// <summary>A limit with where it stands.</summary>
/// <param name="Id">Unique over all tenants, such as <c>acme/route:read/per-minute</c>.</param>
/// <param name="Revision">Of the document that it was compiled from.</param>
internal sealed record CompiledLimit(string Id, string Name, string Tenant, BucketRule Rule, LimitKeys Keys, long Revision, OnFailure OnFailure)
    : NamedLimit(Name, Tenant, Rule.Burst, Math.Max(1, Rule.Fill / 1_000_000_000))
{
    /// <param name="where">Where the limits stand, such as <c>acme/service:orders</c>.</param>
    /// <param name="byDefault">The key of a limit that names none.</param>
    /// <param name="revision">Of the document that they stand in.</param>
    public static CompiledLimit[] All(ValueList<Limit> limits, string where, string byDefault, long revision) =>
        [.. limits.Select(l => new CompiledLimit($"{where}/{l.Name}", l.Name, LimitNames.ScopeOf(where), BucketRule.Of(l.Rate, l.Burst), new(l.By, byDefault), revision, l.OnFailure ?? OnFailure.Local))];
}
