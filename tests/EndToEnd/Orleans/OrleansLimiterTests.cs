using Drizzle.EndToEnd.Limits;

namespace Drizzle.EndToEnd.Orleans;

/// <summary>Eight processes and a database are enough for a machine: not beside other tests.</summary>
[TestClass, DoNotParallelize]
public sealed class OrleansLimiterTests() : LimiterTests(Gateways.Value)
{
    private static readonly Lazy<Task<IGateways>> Gateways = new(() => ClusterGateways.UpAsync(silos: 2));

    [ClassCleanup]
    public static async Task DownAsync()
    {
        if (Gateways.IsValueCreated) await (await Gateways.Value).DisposeAsync();
    }
}
