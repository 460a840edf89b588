using System.Runtime.CompilerServices;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Policies;
using Drizzle.Edge.Access;

namespace Drizzle.Edge.Snapshots;

/// <summary>Who may do what in one tenant: its policies, and the entities that they name.</summary>
internal sealed record TenantAccess(TenantPolicies Policies, PolicyWorld World)
{
    private readonly ConditionalWeakTable<Principal, PrincipalEntities> _entities = [];

    /// <summary>What was worked out of a caller that outlives this snapshot; it ends with whichever ends first.</summary>
    public PrincipalEntities EntitiesOf(Principal principal) => _entities.GetValue(principal, static p => new PrincipalEntities(p));

    /// <summary>What did not change since the snapshot before is taken from there.</summary>
    /// <exception cref="Cedar.CedarException">A policy cannot be read.</exception>
    public static TenantAccess Of(Tenant tenant, TenantSnapshot? before)
    {
        if (before is null) return new(TenantPolicies.Compile(tenant), PolicyWorld.Of(tenant));
        var was = before.Document.Tenant;
        var policies = tenant.Policies.Equals(was.Policies) && tenant.ErringForbid == was.ErringForbid ? before.Access.Policies : TenantPolicies.Compile(tenant);
        var world = tenant.Consumers.Equals(was.Consumers) && tenant.Services.Equals(was.Services) ? before.Access.World : PolicyWorld.Of(tenant);
        return new(policies, world);
    }
}
