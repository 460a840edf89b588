using Drizzle.EndToEnd.Hosting;
using Drizzle.Engine.Orleans;
using Drizzle.Testing;

namespace Drizzle.EndToEnd.Orleans;

/// <summary>Silos that are killed, stopped and ended under load, over a real database, with three real edges.</summary>
[TestClass, DoNotParallelize]
public sealed class SiloFaultTests
{
    private const double Rate = 40;
    private const int Burst = 20;

    [TestMethod]
    public async Task Silos_and_the_database_may_fail_one_after_another_and_no_token_is_given_twice()
    {
        await using var run = await Run.UpAsync("deny");
        var (first, second, third) = (run.Cluster.Silos[0], run.Cluster.Silos[1], run.Cluster.Silos[2]);
        await using var load = run.Load();
        await load.GoesOnAsync("all are admitted");

        await first.Program.KillAsync();
        await load.GoesOnAsync("the others take over what the killed one had");
        await first.KillAndRestartAsync();

        var ofOthers = await run.ClientsOfOthersAsync(second);
        await using (await run.NobodyIsDeclaredDeadAsync())
        {
            await second.Program.SignalAsync("STOP");
            await load.GoesOnAsync("what the others have is leased on", ofOthers);
        }
        await load.GoesOnAsync("the others take over what the stopped one had");
        await Eventually.TrueAsync("the stopped one is declared dead", () => run.IsDeadAsync(second));
        await second.Program.SignalAsync("CONT");
        Assert.AreNotEqual(0, await second.Program.ExitAsync(), "It was declared dead, and grants nothing any more.");
        StringAssert.Contains(second.Program.Error, "This silo ends");
        await second.RestartAsync();
        await load.GoesOnAsync("and it makes no difference");

        // Shards that still move stay where they are then.
        await third.EndAsync();
        await run.Cluster.Postgres.CrashAsync();
        (await run.Cluster.Api.PutAsync("/v1/tenants/acme/consumers/late", """{"name":"late"}""")).Is(503, "engine-unavailable");
        // Longer than a silo's ownership lasts without a look at the database.
        for (var round = 0; round < 3; round++) await load.GoesOnAsync("buckets go on without the database");
        await run.Cluster.Postgres.RunAsync();
        await Eventually.TrueAsync("writes are taken again", () => run.IsWrittenAsync());
        await load.GoesOnAsync("and with it");
        await load.ExpectExactAsync(Rate, Burst);
    }

    [TestMethod]
    public async Task Without_any_silo_edges_go_on_by_themselves_and_find_new_ones()
    {
        await using var run = await Run.UpAsync("local");
        await using var load = new SteadyLoad(run.Cluster.Edges, "/acme/open/1", key: null);
        foreach (var silo in run.Cluster.Silos) await silo.Program.KillAsync();
        var before = load.Passed;
        await Eventually.TrueAsync("requests go on", () => load.Passed > before + 300);
        (await run.Cluster.Api.PutAsync("/v1/tenants/acme/consumers/late", """{"name":"late"}""")).Is(503, "engine-unavailable");
        foreach (var silo in run.Cluster.Silos) await silo.KillAndRestartAsync();
        await Eventually.TrueAsync("writes are taken again", () => run.IsWrittenAsync());
        await run.Cluster.CaughtUpAsync();
        await load.ExpectNoneFailedAsync();
    }

    [TestMethod]
    public async Task Silos_that_end_in_good_order_and_others_that_come_leave_no_shard_without_an_owner()
    {
        await using var run = await Run.UpAsync("deny");
        await using var load = run.Load();
        await using var shards = new ShardsBetweenOwners(run.Cluster.Database);
        await load.GoesOnAsync("all are admitted");
        foreach (var silo in run.Cluster.Silos.Take(2))
        {
            await silo.EndAsync();
            await load.GoesOnAsync("the others go on with what was handed over");
        }
        foreach (var silo in run.Cluster.Silos.Take(2)) await silo.RestartAsync();
        await Eventually.TrueAsync("each of the silos has its share of the shards", () => run.AreShardsSpreadAsync(silos: 3, least: 200));
        await load.GoesOnAsync("and so do those that came");
        await load.ExpectExactAsync(Rate, Burst);
        Assert.AreEqual(0, await shards.MostAsync());
    }

    /// <summary>Three silos, three edges, an admin, a database and an upstream.</summary>
    private sealed class Run(Cluster cluster, RawOrigin upstream, string key) : IAsyncDisposable
    {
        public Cluster Cluster => cluster;

        public static async Task<Run> UpAsync(string onFailure)
        {
            var upstream = new RawOrigin();
            var cluster = await Cluster.UpAsync(edges: 3, upstream.Url, silos: 3);
            var configuration = $$"""
                {{Configurations.Platform}}
                tenants:
                  - slug: acme
                    plans: [{ name: starter, limits: [{ name: each, rate: {{Rate}}/s, burst: {{Burst}}, by: [clientId], onFailure: {{onFailure}} }] }]
                    services: [{ slug: orders, destinations: [{ url: "{{upstream.Url}}" }] }]
                    consumers: [{ name: mobile, plan: starter, roles: [reader] }]
                    routes: [{ name: public, service: orders, auth: none, match: { paths: ["/open/**"] }, limits: [{ name: all, rate: 100000/s, burst: 50000, by: [clientId], onFailure: {{onFailure}} }] }]
                    policies: [{ name: all, cedar: 'permit(principal, action, resource in Tenant::"acme");' }]
                """;
            (await cluster.RunAsync(configuration, "apply", "-f", "-", "--wait", "--force")).Ended(0);
            var key = (await cluster.RunAsync("", "create", "key", "-t", "acme", "--consumer", "mobile", "-o", "json", "--wait")).Ended(0).Json.GetProperty("key").GetString() ?? "";
            return new Run(cluster, upstream, key);
        }

        public async Task<bool> IsWrittenAsync() => (await cluster.Api.PutAsync("/v1/tenants/acme/consumers/late", """{"name":"late"}""")).Status is 200 or 201;

        /// <summary>Whether the newest that runs at this place is dead, by the table of the members.</summary>
        public async Task<bool> IsDeadAsync(RoleProcess silo)
        {
            return await PostgresServer.QueryAsync(cluster.Database, $"SELECT status = 6 FROM drizzle.OrleansMembershipTable WHERE port = {silo.Environment["Drizzle__Silo__Port"]} ORDER BY generation DESC LIMIT 1") is true;
        }

        /// <summary>Until what is returned is disposed.</summary>
        public Task<IAsyncDisposable> NobodyIsDeclaredDeadAsync() => PostgresServer.HoldAsync(cluster.Database, "drizzle.OrleansMembershipTable");

        /// <summary>The clients whose buckets are with other silos than this.</summary>
        public async Task<IReadOnlyList<int>> ClientsOfOthersAsync(RoleProcess silo)
        {
            var shards = (int[])(await PostgresServer.QueryAsync(cluster.Database, $"SELECT array_agg(shard) FROM drizzle.bucket_shards WHERE owner NOT LIKE '%:{silo.Environment["Drizzle__Silo__Port"]}@%'"))!;
            int[] clients = [.. WatchedLoad.All.Where(client => shards.Contains(BucketShards.Of(new("acme/plan:starter/each", $"mobile/{WatchedLoad.NameOf(client)}"))))];
            Assert.IsNotEmpty(clients);
            return clients;
        }

        /// <summary>Whether so many silos have all shards, and each has more than the least.</summary>
        public async Task<bool> AreShardsSpreadAsync(int silos, int least)
        {
            return await PostgresServer.QueryAsync(cluster.Database, $"SELECT count(*) = {silos} AND min(n) > {least} FROM (SELECT count(*) n FROM drizzle.bucket_shards GROUP BY owner) o") is true;
        }

        public WatchedLoad Load() => new(cluster.Edges, "/acme/orders/1", key);

        public async ValueTask DisposeAsync()
        {
            await cluster.DisposeAsync();
            await upstream.DisposeAsync();
        }
    }
}
