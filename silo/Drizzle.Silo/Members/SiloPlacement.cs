using Drizzle.Engine.Orleans.Grains;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Drizzle.Silo.Members;

/// <summary>A lease desk is where its key says.</summary>
[GenerateSerializer, Alias("drizzle.silo-placement"), Immutable]
internal sealed class SiloPlacement : PlacementStrategy;

[AttributeUsage(AttributeTargets.Class)]
internal sealed class SiloPlacementAttribute() : PlacementAttribute(new SiloPlacement());

internal sealed class SiloPlacementDirector(ISiloStatusOracle oracle) : IPlacementDirector
{
    /// <summary>Also one that is just ending: it still has to say what it owns.</summary>
    /// <exception cref="OrleansException">There is no such silo, or it is dead.</exception>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var wanted = LeaseDeskKey.SiloOf(target.GrainIdentity.Key.ToString()!);
        var silo = oracle.GetApproximateSiloStatuses().FirstOrDefault(s => s.Value != SiloStatus.Dead && Membership.NameOf(s.Key) == wanted).Key;
        return silo is null ? Task.FromException<SiloAddress>(new OrleansException($"The silo {wanted} is not active.")) : Task.FromResult(silo);
    }
}
