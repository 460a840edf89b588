using Orleans.GrainDirectory;

namespace Drizzle.Silo.Members;

/// <summary>
/// For grains that are where their placement always says. Of others one silo keeps where they are, and is asked for it; one that has just joined answers late,
/// and leases would wait for that.
/// </summary>
internal sealed class NoDirectory : IGrainDirectory
{
    public const string Name = "drizzle.none";

    public Task<GrainAddress?> Register(GrainAddress address) => Task.FromResult<GrainAddress?>(address);

    public Task Unregister(GrainAddress address) => Task.CompletedTask;

    public Task<GrainAddress?> Lookup(GrainId grainId) => Task.FromResult<GrainAddress?>(null);

    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;
}
