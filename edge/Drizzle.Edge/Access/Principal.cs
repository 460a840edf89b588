using Drizzle.Contracts.Policies;
using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Access;

/// <summary>Who calls, as a credential has proved it.</summary>
internal abstract class Principal
{
    /// <summary>As logs have it, which hold no credential.</summary>
    public abstract string Name { get; }

    /// <summary>As policies see it.</summary>
    /// <param name="world">Of the snapshot that the request keeps.</param>
    public abstract Cedar.PreparedEntity EntityIn(PolicyWorld world);

    /// <summary>What is worked out of it in one snapshot, which may not outlive that.</summary>
    public virtual PrincipalEntities EntitiesIn(TenantAccess access) => access.EntitiesOf(this);
}

/// <summary>A caller as the policies of one snapshot see it. Made when it is first asked for; a race makes it twice.</summary>
internal sealed class PrincipalEntities(Principal principal)
{
    private Cedar.PreparedEntity? _entity;
    private Laid? _last;

    public Cedar.PreparedEntity EntityIn(PolicyWorld world) => _entity ??= principal.EntityIn(world);

    /// <summary>The tenant's entities under the caller and a route. A caller mostly asks for one route, so the last is kept.</summary>
    public Cedar.Entities For(CompiledRoute route, PolicyWorld world)
    {
        var last = _last;
        if (last?.Route != route) _last = last = new Laid(route, world.Entities.With(EntityIn(world), route.EntityIn(world)));
        return last.Entities;
    }

    private sealed record Laid(CompiledRoute Route, Cedar.Entities Entities);
}
