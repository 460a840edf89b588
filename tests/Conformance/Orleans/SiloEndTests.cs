using Drizzle.Conformance.Postgres;
using Drizzle.Contracts.Limits;
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
    public async Task A_shard_that_is_just_being_given_up_is_not_said_to_be_nobodys()
    {
        const int shard = 5;
        var cluster = new SiloCluster(await PostgresFixture.CreateDatabaseAsync());
        await using var silo = await RunningSilo.StartAsync(cluster);
        await using var client = SiloConnection.Start(cluster);
        await Eventually.TrueAsync(async () => (await RunningSilo.KnownAsync(client)).Length == 1, "it answers");
        var name = (await client.CallAsync(grains => grains.GetGrain<IShardFinderGrain>(0).FindAsync([shard]), CancellationToken.None)).Silos[0] ?? "";
        var epoch = (long)(await PostgresServer.QueryAsync(cluster.ConnectionString, $"SELECT epoch FROM drizzle.bucket_shards WHERE shard = {shard}"))!;
        Task<bool>[] askers;
        await using (await PostgresServer.HoldAsync(cluster.ConnectionString, "drizzle.bucket_shards"))
        {
            // Two silos that both have an activation of it.
            askers = [.. Enumerable.Range(0, 2).Select(_ => client.CallAsync(grains => grains.GetGrain<ILeaseDeskGrain>(name).GiveUpAsync(shard, epoch), CancellationToken.None).AsTask())];
            // Whoever asks after them is answered after they have begun.
            Assert.IsFalse((await client.CallAsync(grains => grains.GetGrain<ILeaseDeskGrain>(name).FillAsync(OfShard(shard), 1), CancellationToken.None)).IsHere);
        }
        Assert.AreSequenceEqual([true, true], await Task.WhenAll(askers), "Told that nobody holds it, the other would take what it had for lost.");
        Assert.AreEqual(DBNull.Value, await PostgresServer.QueryAsync(cluster.ConnectionString, $"SELECT owner FROM drizzle.bucket_shards WHERE shard = {shard}"));

        static BucketId OfShard(int number) => Enumerable.Range(0, int.MaxValue).Select(i => new BucketId("acme/plan:p/each", $"{i}")).First(b => BucketShards.Of(b) == number);
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
