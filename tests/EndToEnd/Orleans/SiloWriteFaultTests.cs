using Drizzle.Conformance;
using Drizzle.Conformance.Orleans;
using Drizzle.Contracts.Ports;
using Drizzle.EndToEnd.Hosting;
using Drizzle.Engine.Orleans;
using Drizzle.Testing;

namespace Drizzle.EndToEnd.Orleans;

/// <summary>Silos that are killed while configuration is written and pushed.</summary>
[TestClass]
public sealed class SiloWriteFaultTests
{
    [TestMethod]
    public async Task Silos_that_die_during_writes_lose_none_that_was_acknowledged()
    {
        await using var cluster = await Cluster.UpAsync(edges: 1, silos: 2);
        await using var writes = new SteadyWrites(cluster);
        foreach (var silo in cluster.Silos)
        {
            await writes.GoOnAsync();
            await silo.Program.KillAsync();
            await writes.GoOnAsync();
            await silo.RestartAsync();
        }
        await writes.GoOnAsync();
        await writes.ExpectKeptAsync();
        await cluster.CaughtUpAsync();
    }

    [TestMethod]
    public async Task A_silo_that_began_after_the_backup_that_is_restored_ends_and_another_goes_on()
    {
        await using var cluster = await Cluster.UpAsync(edges: 1, silos: 1);
        var silo = cluster.Silos[0];
        await cluster.Postgres.BackUpAsync(cluster.Database);
        await silo.KillAndRestartAsync();
        await cluster.Postgres.RestoreAsync(cluster.Database);
        Assert.AreEqual(1, await silo.Program.ExitAsync());
        StringAssert.Contains(silo.Program.Error, "the database has gone back to before it began");
        await silo.RestartAsync();
        await using var writes = new SteadyWrites(cluster);
        await writes.GoOnAsync();
        await writes.ExpectKeptAsync();
        await cluster.CaughtUpAsync();
    }

    [TestMethod]
    public async Task The_answer_to_a_heartbeat_tells_what_a_dead_silo_did_not_push()
    {
        await using var cluster = await Cluster.PrepareAsync(edges: 0, silos: 1);
        await cluster.StartServersAsync();
        // Its time stands still, so that it renews nothing by itself.
        await using var engine = await OrleansFixture.ConnectAsync(new SiloCluster(cluster.Database));
        using var patience = new CancellationTokenSource(Eventually.Patience);
        await using var feed = engine.Feed.SubscribeAsync(ConfigPosition.Start, patience.Token).GetAsyncEnumerator(patience.Token);
        Assert.IsTrue(await feed.MoveNextAsync());
        var position = feed.Current.Position;
        var next = feed.MoveNextAsync().AsTask();

        await cluster.Silos[0].KillAndRestartAsync();
        await Eventually.TrueAsync("a tenant is written", async () => (await cluster.Api.SendAsync("POST", "/v1/tenants", """{"slug":"late"}""")).Status == 201);
        Assert.IsFalse(next.IsCompleted, "Nobody pushed it.");
        await Eventually.TrueAsync("a silo answers the client", () => OrleansFixture.IsThereAsync(engine));
        await engine.Edges.ReportAsync(new EdgeReport("edge-1", "1.0", "10.0.0.1:6188", FakeClock.Start, position, []), patience.Token);
        Assert.IsTrue(await next);
        Assert.AreEqual("late", Assert.ContainsSingle(feed.Current.Changes).Slug);
    }
}
