namespace Drizzle.EndToEnd.Limits;

[TestClass]
public sealed class PostgresLimiterTests() : LimiterTests(Gateways.Value)
{
    private static readonly Lazy<Task<IGateways>> Gateways = new(() => ClusterGateways.UpAsync(silos: 0));

    [ClassCleanup]
    public static async Task DownAsync()
    {
        if (Gateways.IsValueCreated) await (await Gateways.Value).DisposeAsync();
    }
}
