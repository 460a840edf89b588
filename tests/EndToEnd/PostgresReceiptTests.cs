using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

[TestClass]
public sealed class PostgresReceiptTests() : ReceiptTests(silos: 0)
{
    [TestMethod]
    public async Task An_edge_that_keeps_its_configuration_starts_without_the_database()
    {
        await using var upstream = new RawOrigin();
        await using var cluster = await Cluster.PrepareAsync(edges: 2);
        await cluster.StartServersAsync();
        foreach (var edge in cluster.Edges) await edge.StartAsync();
        (await cluster.RunAsync(Configurations.Acme(upstream.Url), "apply", "-f", "-")).Ended(0);
        var key = (await cluster.RunAsync("", "create", "key", "-t", "acme", "--consumer", "mobile", "--wait", "-o", "json")).Ended(0).Json.GetProperty("key").GetString();
        var (keeping, plain) = (cluster.Edges[0], cluster.Edges[1]);

        await cluster.Postgres.CrashAsync();
        await keeping.KillAndRestartAsync();
        await plain.Program.KillAsync();
        await plain.Program.DisposeAsync();
        await plain.StartAsync();

        Assert.AreEqual((200, 401), (await keeping.StatusOfAsync("/acme/orders/1", key), await keeping.StatusOfAsync("/acme/orders/1", "drz_nobody's")));
        await Eventually.TrueAsync("the other says why it is not ready", () => plain.Program.Error.Contains("cannot be reached", StringComparison.Ordinal));
        Assert.AreEqual(503, await plain.ReadinessAsync());

        await cluster.Postgres.RunAsync();
        await plain.ReadyAsync();
        (await cluster.RunAsync("", "delete", "consumer", "mobile", "-t", "acme", "--wait", "--timeout", "30s")).Ended(0);
        foreach (var edge in cluster.Edges) Assert.AreEqual(401, await edge.StatusOfAsync("/acme/orders/1", key));
    }
}
