using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd.Orleans;

/// <summary>Silos that are killed, stopped and ended under load, over a real database, with three real edges.</summary>
[TestClass]
public sealed class SiloFaultTests
{
    private const double Rate = 40;
    private const int Burst = 20;

    [TestMethod]
    public async Task A_silo_that_is_killed_loses_tokens_and_gives_none_twice()
    {
        await using var run = await Run.UpAsync("deny");
        await using var load = run.Load();
        await load.GoesOnAsync("all are admitted");
        await run.Cluster.Silos[0].Program.KillAsync();
        await load.GoesOnAsync("the others take over");
        await run.Cluster.Silos[0].KillAndRestartAsync();
        await run.Cluster.Silos[1].Program.KillAsync();
        await load.GoesOnAsync("the others take over again");
        await load.ExpectExactAsync(Rate, Burst);
    }

    [TestMethod]
    public async Task A_silo_that_was_stopped_and_wakes_grants_nothing()
    {
        await using var run = await Run.UpAsync("deny");
        await using var load = run.Load();
        await load.GoesOnAsync("all are admitted");
        await run.Cluster.Silos[0].Program.SignalAsync("STOP");
        await load.GoesOnAsync("the others take over");
        await run.Cluster.Silos[0].Program.SignalAsync("CONT");
        // It finds that it was declared dead, and ends.
        await Eventually.TrueAsync("the zombie ends, or is not ready", async () => run.Cluster.Silos[0].Program.HasExited || await run.Cluster.Silos[0].ReadinessAsync() == 503);
        await load.GoesOnAsync("and it makes no difference");
        await load.ExpectExactAsync(Rate, Burst);
    }

    [TestMethod]
    public async Task A_silo_that_ends_hands_its_buckets_over()
    {
        await using var run = await Run.UpAsync("deny");
        await using var load = run.Load();
        await load.GoesOnAsync("all are admitted");
        await run.Cluster.Silos[0].Program.TerminateAsync();
        Assert.AreEqual(0, await run.Cluster.Silos[0].Program.ExitAsync(), run.Cluster.Silos[0].Program.Error);
        await load.GoesOnAsync("the others go on");
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
        await Eventually.TrueAsync("writes are taken again", async () => (await run.Cluster.Api.PutAsync("/v1/tenants/acme/consumers/late", """{"name":"late"}""")).Status is 200 or 201);
        await run.Cluster.CaughtUpAsync();
        await load.ExpectNoneFailedAsync();
    }

    [TestMethod]
    public async Task Without_the_database_buckets_go_on_and_writes_are_refused()
    {
        await using var run = await Run.UpAsync("deny");
        await using var load = run.Load();
        await load.GoesOnAsync("all are admitted");
        await run.Cluster.Postgres.CrashAsync();
        (await run.Cluster.Api.PutAsync("/v1/tenants/acme/consumers/late", """{"name":"late"}""")).Is(503, "engine-unavailable");
        // Longer than the silos' ownership lasts without a look at the database.
        for (var round = 0; round < 5; round++)
        {
            await load.GoesOnAsync("all are admitted without the database");
            var since = load.Now;
            await Eventually.TrueAsync("a second passes", () => load.Now - since > TimeSpan.FromSeconds(1));
        }
        await run.Cluster.Postgres.RunAsync();
        await Eventually.TrueAsync("writes are taken again", async () => (await run.Cluster.Api.PutAsync("/v1/tenants/acme/consumers/late", """{"name":"late"}""")).Status is 200 or 201);
        await load.GoesOnAsync("all are admitted with the database");
        await load.ExpectExactAsync(Rate, Burst);
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
                    routes: [{ name: public, service: orders, auth: none, match: { paths: ["/open/**"] }, limits: [{ name: all, rate: 100000/s, burst: 50000, onFailure: {{onFailure}} }] }]
                    policies: [{ name: all, cedar: 'permit(principal, action, resource in Tenant::"acme");' }]
                """;
            (await cluster.RunAsync(configuration, "apply", "-f", "-", "--wait", "--force")).Ended(0);
            var key = (await cluster.RunAsync("", "create", "key", "-t", "acme", "--consumer", "mobile", "-o", "json", "--wait")).Ended(0).Json.GetProperty("key").GetString() ?? "";
            return new Run(cluster, upstream, key);
        }

        public WatchedLoad Load() => new(cluster.Edges, "/acme/orders/1", key);

        public async ValueTask DisposeAsync()
        {
            await cluster.DisposeAsync();
            await upstream.DisposeAsync();
        }
    }
}
