using Drizzle.Engine.Orleans;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Drizzle.Silo.Buckets;

/// <summary>Each shard has its place among the silos that are active, on which all agree, so that they are spread evenly and few of them move when a silo comes or goes.</summary>
[GenerateSerializer, Immutable]
internal sealed class ShardPlacement : PlacementStrategy
{
    /// <summary>The silo with the highest hash together with the shard.</summary>
    /// <param name="silos">At least one, as <c>address:port@generation</c>.</param>
    public static string Of(int shard, IEnumerable<string> silos) => silos.MaxBy(silo => (Hash(shard, silo), silo)) ?? throw new ArgumentException("There is no silo.", nameof(silos));

    private static ulong Hash(int shard, string silo)
    {
        var hash = NameHash.Add(NameHash.Start ^ (ulong)shard, silo);
        // The last characters must count for all bits.
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        return (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
    }
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShardPlacementAttribute() : PlacementAttribute(new ShardPlacement());

internal sealed class ShardPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target).ToDictionary(Membership.NameOf, StringComparer.Ordinal);
        return Task.FromResult(silos[ShardPlacement.Of((int)target.GrainIdentity.GetIntegerKey(), silos.Keys)]);
    }
}
