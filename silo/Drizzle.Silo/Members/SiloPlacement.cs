using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Drizzle.Silo.Members;

/// <summary>The grain is where its key says: on the silo <c>address:port@generation</c>.</summary>
[GenerateSerializer, Alias("drizzle.silo-placement"), Immutable]
internal sealed class SiloPlacement : PlacementStrategy;

[AttributeUsage(AttributeTargets.Class)]
internal sealed class SiloPlacementAttribute() : PlacementAttribute(new SiloPlacement());

internal sealed class SiloPlacementDirector : IPlacementDirector
{
    /// <exception cref="OrleansException">That silo is not active.</exception>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var wanted = target.GrainIdentity.Key.ToString();
        var silo = Array.Find(context.GetCompatibleSilos(target), s => Membership.NameOf(s) == wanted);
        return silo is null ? Task.FromException<SiloAddress>(new OrleansException($"The silo {wanted} is not active.")) : Task.FromResult(silo);
    }
}
