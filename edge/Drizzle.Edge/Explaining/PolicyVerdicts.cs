using Drizzle.Contracts.Explaining;
using Drizzle.Contracts.Policies;
using Drizzle.Edge.Access;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Explaining;

/// <summary>What each policy of a tenant says about a request.</summary>
internal static class PolicyVerdicts
{
    private const int Most = 100;

    public static ExplainedPolicy[] Of(Exchange exchange, TenantSnapshot tenant, TimeProvider clock)
    {
        if (exchange.Route is not { } route) return [];
        var asked = PolicyRequest.Of(exchange, tenant, route, clock.GetUtcNow());
        return [.. tenant.Access.Policies.Explain(asked.Request, asked.Entities).Select(v => Of(v.Verdict, v.IsShadow)).OrderBy(Rank).Take(Most)];
    }

    /// <summary>What decides comes first.</summary>
    private static int Rank(ExplainedPolicy policy) => policy switch
    {
        { Applies: true, Effect: "forbid" } => 0,
        { Applies: null } => 1,
        { Applies: true } => 2,
        _ => 3,
    };

    private static ExplainedPolicy Of(Cedar.PolicyVerdict verdict, bool isShadow) => new(
        TenantPolicies.NameOf(verdict.Policy), verdict.Policy.Effect == Cedar.Effect.Permit ? "permit" : "forbid", isShadow, verdict.Error is null ? verdict.IsSatisfied : null, verdict.Error ?? "");
}
