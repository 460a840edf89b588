using Drizzle.Conformance.Postgres;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Traffic;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Testing;

namespace Drizzle.Conformance.Orleans;

/// <summary>What a silo that ends in good order leaves to another.</summary>
[TestClass]
public sealed class SiloEndTests
{
    [TestMethod]
    public async Task All_its_shards_have_another_owner_before_it_is_gone()
    {
        var cluster = new SiloCluster(await PostgresFixture.CreateDatabaseAsync());
        await using var first = await RunningSilo.StartAsync(cluster, opensAhead: true);
        await first.ReadyAsync();
        await using var second = await JoinAsync(cluster);
        await first.EndAsync();
        Assert.AreEqual((long)BucketShards.Count, await PostgresServer.QueryAsync(cluster.ConnectionString, $"SELECT count(*) FROM drizzle.bucket_shards WHERE owner LIKE '%:{second.Options.Port}@%'"));
    }

    [TestMethod]
    public async Task Where_all_silos_end_together_all_shards_are_given_up()
    {
        var cluster = new SiloCluster(await PostgresFixture.CreateDatabaseAsync());
        await using var first = await RunningSilo.StartAsync(cluster, opensAhead: true);
        await using var second = await RunningSilo.StartAsync(cluster, opensAhead: true);
        await Task.WhenAll(first.ReadyAsync(), second.ReadyAsync());
        await Task.WhenAll(first.EndAsync(), second.EndAsync());
        Assert.AreEqual(0L, await PostgresServer.QueryAsync(cluster.ConnectionString, "SELECT count(*) FROM drizzle.bucket_shards WHERE owner IS NOT NULL"));
    }

    [TestMethod]
    public async Task Without_the_database_it_ends_all_the_same()
    {
        var cluster = new SiloCluster(await PostgresFixture.CreateDatabaseAsync());
        await using var way = cluster.MakeWay();
        await using var silo = await RunningSilo.StartAsync(cluster.By(way), opensAhead: true);
        await silo.ReadyAsync();
        way.Cut();
        await silo.EndAsync().Soon();
    }

    [TestMethod]
    public async Task What_it_has_heard_of_traffic_is_known_to_another()
    {
        var cluster = new SiloCluster(await PostgresFixture.CreateDatabaseAsync());
        await using var first = await RunningSilo.StartAsync(cluster);
        await using var engine = await OrleansFixture.ConnectAsync(cluster);
        var heard = new RouteTraffic("orders", "all", 3, 0, 0, 0, [3], TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        await engine.Traffic.ReportAsync(new("edge-1", TimeProvider.System.GetUtcNow(), [new("acme", [heard], [])]), CancellationToken.None);
        await using var second = await JoinAsync(cluster);
        await first.EndAsync();
        await Eventually.TrueAsync(async () => await OrleansFixture.IsThereAsync(engine), "the client finds the other");
        Assert.AreEqual(heard, Assert.ContainsSingle((await engine.Traffic.ReadAsync("acme", CancellationToken.None)).Routes).What);
    }

    [TestMethod]
    public async Task Who_listens_to_its_feed_subscribes_anew_at_once()
    {
        var cluster = new SiloCluster(await PostgresFixture.CreateDatabaseAsync());
        await using var first = await RunningSilo.StartAsync(cluster);
        await using var engine = await OrleansFixture.ConnectAsync(cluster);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        var view = new EdgeView();
        var following = view.FollowAsync(engine.Feed, () => view.Documents.Keys.Any(slug => slug.StartsWith("late-", StringComparison.Ordinal)), patience.Token);
        await Eventually.TrueAsync(() => view.Position != ConfigPosition.Start, "it has subscribed");
        await using var second = await JoinAsync(cluster);
        await first.EndAsync();
        await Eventually.TrueAsync(async () => await OrleansFixture.IsThereAsync(engine), "the client finds the other");
        for (var i = 0; !following.IsCompleted && !patience.IsCancellationRequested; i++) await engine.Store.WriteAsync(0, Writing.Document($"late-{i}"), CancellationToken.None);
        await following;
    }

    /// <summary>A second silo, of which the first knows.</summary>
    private static async Task<RunningSilo> JoinAsync(SiloCluster cluster)
    {
        await using var client = SiloConnection.Start(cluster);
        await Eventually.TrueAsync(async () => (await RunningSilo.KnownAsync(client)).Length == 1, "the first answers");
        var second = await RunningSilo.StartAsync(cluster);
        await Eventually.TrueAsync(async () => (await RunningSilo.KnownAsync(client)).Length == 2, "it knows the second");
        return second;
    }
}
