using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

/// <summary>Admin and edges as processes of their own over one PostgreSQL.</summary>
[TestClass]
public sealed class ClusterTests
{
    [TestMethod]
    public async Task Each_process_may_die_and_the_others_go_on_until_all_are_at_the_last_revision()
    {
        await using var upstream = new RawOrigin();
        await using var cluster = await Cluster.PrepareAsync(edges: 3);
        foreach (var edge in cluster.Edges) await edge.StartAsync();
        await Eventually.TrueAsync("the edges say that there is no schema", () => cluster.Edges.All(e => e.Program.Error.Contains("no schema of Drizzle's yet", StringComparison.Ordinal)));
        foreach (var edge in cluster.Edges) Assert.AreEqual(503, await edge.ReadinessAsync());

        await cluster.Admin.StartAsync();
        await cluster.Admin.ReadyAsync();
        foreach (var edge in cluster.Edges) await edge.ReadyAsync();
        (await cluster.RunAsync(Configurations.Acme(upstream.Url), "apply", "-f", "-")).Ended(0);
        var key = (await cluster.RunAsync("", "create", "key", "-t", "acme", "--consumer", "mobile", "-o", "json")).Ended(0).Json.GetProperty("key").GetString();
        await ExpectServingAsync(cluster, key);

        await using var load = new SteadyLoad(cluster.Edges, "/acme/orders/1", key);
        foreach (var edge in cluster.Edges)
        {
            await load.WhileDownAsync(edge, async () =>
            {
                await edge.Program.KillAsync();
                await EditAsync(cluster, "while an edge is dead");
                await edge.KillAndRestartAsync();
            });
            await ExpectServingAsync(cluster, key);
        }

        await cluster.Postgres.CrashAsync();
        foreach (var edge in cluster.Edges) Assert.AreEqual(200, await edge.StatusOfAsync("/acme/orders/1", key));
        (await cluster.Api.GetAsync("/v1/tenants/acme")).Is(503, "engine-unavailable");
        await cluster.Postgres.RunAsync();
        await EditAsync(cluster, "after the database's crash");
        await ExpectServingAsync(cluster, key);

        await cluster.Admin.KillAndRestartAsync();
        await EditAsync(cluster, "after the admin's end");
        await ExpectServingAsync(cluster, key);
        await ExpectReceiptAsync(cluster);

        // Each edge goes on being asked while what has happened settles.
        var before = load.Passed;
        await Eventually.TrueAsync("requests go on", () => load.Passed > before + 100);
        await load.ExpectNoneFailedAsync();
    }

    [TestMethod]
    [DataRow("edge")]
    [DataRow("admin")]
    public async Task A_role_of_its_own_wants_an_engine_that_is_shared(string role)
    {
        var run = (await ProgramRun.OfAsync(BuiltProgram.Path, [role], new Dictionary<string, string>())).Ended(2);
        Assert.Contains("Drizzle__Engine=postgres", run.Error);
        run = (await ProgramRun.OfAsync(BuiltProgram.Path, [role], new Dictionary<string, string> { ["Drizzle__Engine"] = "postgres" })).Ended(2);
        Assert.Contains("Drizzle__Postgres", run.Error);
        run = (await ProgramRun.OfAsync(BuiltProgram.Path, [role], new Dictionary<string, string> { ["Drizzle__Engine"] = "postgres", ["Drizzle__Postgres"] = "Host=db;Pasword=hunter2" })).Ended(1);
        Assert.DoesNotContain("hunter2", run.Error);
    }

    [TestMethod]
    public async Task A_destination_on_the_edges_own_machine_wants_the_platforms_leave()
    {
        await using var cluster = await Cluster.PrepareAsync(edges: 0);
        await cluster.Admin.StartAsync();
        await cluster.Admin.ReadyAsync();
        foreach (var host in (string[])["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "[fe80::1]"])
        {
            var file = $$"""tenants: [{ slug: acme, services: [{ slug: s, destinations: [{ url: "http://{{host}}:80" }] }] }]""";
            var refused = (await cluster.RunAsync(file, "apply", "-f", "-")).Ended(1);
            Assert.Contains("services[0].destinations[0].url", refused.Error, host);
        }
        (await cluster.RunAsync(Configurations.Acme("http://127.0.0.1:9"), "apply", "-f", "-")).Ended(0);
        var prefix = (await cluster.RunAsync("", "create", "key", "-t", "acme", "--consumer", "mobile", "-o", "json")).Ended(0).Json.GetProperty("prefix").GetString() ?? "";
        (await cluster.Api.PutAsync("/v1/platform", "{}")).IsDone();
        // The leave is taken back, and a key can be revoked all the same.
        (await cluster.RunAsync("", "revoke", "key", prefix, "-t", "acme")).Ended(0);
    }

    [TestMethod]
    public async Task An_admin_without_its_database_says_so_and_shows_no_password()
    {
        var run = (await ProgramRun.OfAsync(BuiltProgram.Path, ["admin"], new Dictionary<string, string>
        {
            ["Drizzle__Engine"] = "postgres", ["Drizzle__Postgres"] = $"Host=127.0.0.1;Port={FreePorts.Next()};Username=drizzle;Password=hunter2;Database=drizzle",
        })).Ended(1);
        Assert.Contains("cannot be reached", run.Error);
        Assert.DoesNotContain("hunter2", run.Error);
    }

    /// <summary>The receipt names the three edges, and each is where it says.</summary>
    private static async Task ExpectReceiptAsync(Cluster cluster)
    {
        var answer = (await cluster.Api.PutAsync("/v1/tenants/acme/consumers/last?wait=applied&timeout=30s", """{"name":"last"}""")).IsDone().Body;
        var receipt = answer.GetProperty("receipt");
        Assert.IsTrue(receipt.GetProperty("confirmed").GetBoolean(), receipt.ToString());
        Assert.AreEqual(3, receipt.GetProperty("edges").GetArrayLength());
        foreach (var edge in cluster.Edges) Assert.AreEqual(answer.GetProperty("revision").GetInt64(), await edge.RevisionAsync());
    }

    private static async Task EditAsync(Cluster cluster, string name)
    {
        var tenant = (await cluster.Api.GetAsync("/v1/tenants/acme/consumers/mobile")).IsDone();
        (await cluster.Api.PutAsync("/v1/tenants/acme/consumers/mobile", $$"""{"name":"mobile","plan":"starter","roles":["reader"],"attributes":{"note":"{{name}}"} }""", tenant.Tag)).IsDone();
    }

    private static async Task ExpectServingAsync(Cluster cluster, string? key)
    {
        await cluster.CaughtUpAsync();
        foreach (var edge in cluster.Edges) Assert.AreEqual((200, 401), (await edge.StatusOfAsync("/acme/orders/1", key), await edge.StatusOfAsync("/acme/orders/1")));
    }
}
