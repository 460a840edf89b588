using System.Collections.Immutable;
using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Silo.Members;

/// <summary>This silo among the others.</summary>
internal sealed class Membership(ILocalSiloDetails self, ISiloStatusOracle oracle, IGrainFactory grains) : IDisposable
{
    private readonly CancellationTokenSource _ending = new();

    // Those that have said that they end, for as long as they are known.
    private ImmutableHashSet<string> _leaving = [];

    /// <summary>As <c>address:port@generation</c>.</summary>
    public string Self { get; } = NameOf(self.SiloAddress);

    public static string NameOf(SiloAddress silo) => $"{silo.Endpoint.Address}:{silo.Endpoint.Port}@{silo.Generation}";

    /// <summary>Those that are active, as far as is known here.</summary>
    public IReadOnlyList<string> Active => [.. oracle.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(NameOf)];

    /// <summary>Those among which shards have their places: not where a silo has said that it ends, but for when all have.</summary>
    public IReadOnlyList<string> Staying(IReadOnlyCollection<string> silos) => silos.Where(silo => !_leaving.Contains(silo)).ToList() is { Count: > 0 } staying ? staying : [.. silos];

    /// <summary>Those that may still do something, but for this one.</summary>
    public IReadOnlyList<string> Others => [.. oracle.GetApproximateSiloStatuses().Where(s => s.Value != SiloStatus.Dead).Select(s => NameOf(s.Key)).Where(s => s != Self)];

    public bool IsDead(string silo) => oracle.GetApproximateSiloStatuses().FirstOrDefault(s => NameOf(s.Key) == silo) is { Key: null } or { Value: SiloStatus.Dead };

    /// <summary>Cancelled when this silo has said that it ends.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>A silo ends soon: nothing that can be elsewhere has its place there any more.</summary>
    public void Leaves(string silo)
    {
        var known = oracle.GetApproximateSiloStatuses().Keys.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        ImmutableInterlocked.Update(ref _leaving, leaving => leaving.Intersect(known).Add(silo));
        if (silo == Self) _ending.Cancel();
    }

    public ILeaseDeskGrain DeskOf(string silo) => grains.GetGrain<ILeaseDeskGrain>(silo);

    public void Dispose() => _ending.Dispose();
}
