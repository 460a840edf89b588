using Drizzle.EndToEnd.Limits;

namespace Drizzle.EndToEnd.Orleans;

[TestClass]
public sealed class OrleansLimiterTests() : LimiterTests(Gateways.Value)
{
    private static readonly Lazy<Task<IGateways>> Gateways = new(() => ClusterGateways.UpAsync(silos: 2));

    [ClassCleanup]
    public static async Task DownAsync()
    {
        if (Gateways.IsValueCreated) await (await Gateways.Value).DisposeAsync();
    }
}
