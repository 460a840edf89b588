using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Silo.Buckets;

/// <summary>This silo among the others.</summary>
internal sealed class Membership(ILocalSiloDetails self, ISiloStatusOracle oracle, IGrainFactory grains)
{
    /// <summary>As <c>address:port@generation</c>.</summary>
    public string Self { get; } = NameOf(self.SiloAddress);

    public static string NameOf(SiloAddress silo) => $"{silo.Endpoint.Address}:{silo.Endpoint.Port}@{silo.Generation}";

    /// <summary>Those that are active, as far as is known here.</summary>
    public IReadOnlyList<string> Active => [.. oracle.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(NameOf)];

    /// <summary>Those that may still do something, but for this one.</summary>
    public IReadOnlyList<string> Others => [.. oracle.GetApproximateSiloStatuses().Where(s => s.Value != SiloStatus.Dead).Select(s => NameOf(s.Key)).Where(s => s != Self)];

    public bool IsDead(string silo) => oracle.GetApproximateSiloStatuses().FirstOrDefault(s => NameOf(s.Key) == silo) is { Key: null } or { Value: SiloStatus.Dead };

    public ILeaseDeskGrain DeskOf(string silo) => grains.GetGrain<ILeaseDeskGrain>(silo);
}
