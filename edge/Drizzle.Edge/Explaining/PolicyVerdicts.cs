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
        // Those that apply are what one looks for.
        return [.. tenant.Access.Policies.Explain(asked.Request, asked.Entities).Select(v => Of(v.Verdict, v.IsShadow)).OrderBy(v => v.Applies == false).Take(Most)];
    }

    private static ExplainedPolicy Of(Cedar.PolicyVerdict verdict, bool isShadow) => new(
        TenantPolicies.NameOf(verdict.Policy), verdict.Policy.Effect == Cedar.Effect.Permit ? "permit" : "forbid", isShadow, verdict.Error is null ? verdict.IsSatisfied : null, verdict.Error ?? "");
}
