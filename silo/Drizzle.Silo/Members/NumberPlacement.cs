using Drizzle.Engine.Orleans;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Drizzle.Silo.Members;

/// <summary>Each number has its place among the silos that are active and stay, on which all agree, so that grains are spread evenly and few of them move when a silo comes or goes.</summary>
[GenerateSerializer, Alias("drizzle.number-placement"), Immutable]
internal sealed class NumberPlacement : PlacementStrategy
{
    /// <summary>The silo with the highest hash together with the number.</summary>
    /// <param name="silos">At least one, as <c>address:port@generation</c>.</param>
    public static string Of(int number, IEnumerable<string> silos) => silos.MaxBy(silo => (Hash(number, silo), silo)) ?? throw new ArgumentException("There is no silo.", nameof(silos));

    private static ulong Hash(int number, string silo)
    {
        var hash = NameHash.Add(NameHash.Start ^ (ulong)number, silo);
        // The last characters must count for all bits.
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        return (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
    }
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class NumberPlacementAttribute() : PlacementAttribute(new NumberPlacement());

internal sealed class NumberPlacementDirector(Membership members) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target).ToDictionary(Membership.NameOf, StringComparer.Ordinal);
        return Task.FromResult(silos[NumberPlacement.Of((int)target.GrainIdentity.GetIntegerKey(), members.Staying(silos.Keys))]);
    }
}
