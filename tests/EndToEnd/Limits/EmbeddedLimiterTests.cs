namespace Drizzle.EndToEnd.Limits;

[TestClass]
public sealed class EmbeddedLimiterTests() : LimiterTests(Gateways.Value)
{
    private static readonly Lazy<Task<IGateways>> Gateways = new(EmbeddedGateways.UpAsync);

    [ClassCleanup]
    public static async Task DownAsync()
    {
        if (Gateways.IsValueCreated) await (await Gateways.Value).DisposeAsync();
    }
}
