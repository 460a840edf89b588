using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd.Orleans;

/// <summary>One silo and its clients on one machine, which find each other by a port.</summary>
[TestClass]
public sealed class LocalSiloTests
{
    [TestMethod]
    public async Task The_only_silo_stays_the_only_one_and_is_found_again_after_it_was_killed()
    {
        await using var upstream = new RawOrigin();
        await using var cluster = await Cluster.UpAsync(edges: 1, upstream.Url, silos: 1, isLocal: true);
        var silo = cluster.Silos[0];

        var second = new Dictionary<string, string>(silo.Environment) { ["Drizzle__Silo__Port"] = $"{FreePorts.Next()}", ["Drizzle__Silo__Gateway"] = $"{FreePorts.Next()}", ["Drizzle__Silo__Operations"] = $"http://127.0.0.1:{FreePorts.Next()}" };
        var refused = (await ProgramRun.OfAsync(BuiltProgram.Path, ["silo"], second)).Ended(1);
        StringAssert.Contains(refused.Error, $"The silo 127.0.0.1:{silo.Environment["Drizzle__Silo__Port"]}@");
        StringAssert.Contains(refused.Error, "is at work in this database");

        await silo.KillAndRestartAsync();
        await Eventually.TrueAsync("writes are taken again", async () => (await cluster.Api.PutAsync("/v1/tenants/acme/consumers/late", """{"name":"late"}""")).Status is 200 or 201);
        await cluster.CaughtUpAsync();

        await silo.EndAsync();
        await silo.Program.DisposeAsync();
        await silo.StartAsync();
        await silo.ReadyAsync();
    }

    [TestMethod]
    public async Task One_that_was_taken_for_gone_ends_and_silos_of_another_kind_come_after_it_not_beside_it()
    {
        await using var cluster = await Cluster.PrepareAsync(edges: 0, silos: 1, isLocal: true);
        var first = cluster.Silos[0];
        await first.StartAsync();
        await first.ReadyAsync();
        var among = new Dictionary<string, string>(first.Environment) { ["Drizzle__Silo__Clustering"] = "postgres" };
        StringAssert.Contains((await ProgramRun.OfAsync(BuiltProgram.Path, ["silo"], among)).Ended(1).Error, "is at work in this database");

        await first.Program.SignalAsync("STOP");
        await using var second = Cluster.MakeSilo(new(first.Environment) { ["Drizzle__Silo__Gateway"] = $"{FreePorts.Next()}" });
        await second.StartAsync();
        await second.ReadyAsync();
        await first.Program.SignalAsync("CONT");
        Assert.AreEqual(1, await first.Program.ExitAsync());
        StringAssert.Contains(first.Program.Error, "another has been at work in the database since");

        await second.Program.KillAsync();
        await using var clustered = Cluster.MakeSilo(among);
        await clustered.StartAsync();
        await clustered.ReadyAsync();
    }

    [TestMethod]
    [DataRow("Drizzle__Silo__Clustering", "zookeeper", "expected 'postgres'")]
    [DataRow("Drizzle__Silo__Address", "192.0.2.1", "at 127.0.0.1 alone")]
    [DataRow("Drizzle__Silo__Gateway", "http", "expected a port")]
    public async Task A_setting_that_cannot_be_used_is_named(string name, string value, string says)
    {
        Dictionary<string, string> environment = new() { ["Drizzle__Engine"] = "orleans", ["Drizzle__Postgres"] = "Host=127.0.0.1;Database=none", ["Drizzle__Silo__Clustering"] = "localhost", [name] = value };
        var run = (await ProgramRun.OfAsync(BuiltProgram.Path, ["silo"], environment)).Ended(2);
        StringAssert.Contains(run.Error, $"{name}={value}");
        StringAssert.Contains(run.Error, says);
    }
}
