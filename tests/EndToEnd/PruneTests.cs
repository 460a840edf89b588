using Drizzle.EndToEnd.Hosting;

namespace Drizzle.EndToEnd;

/// <summary>What a file does not name is removed only by someone who was told what that is.</summary>
[TestClass]
public sealed class PruneTests
{
    private const string Less = """
        tenants: [{ slug: acme, hosts: [api.acme.test], services: [{ slug: orders, destinations: [{ url: "http://127.0.0.1:9" }] }] }]
        """;

    [TestMethod]
    public async Task Where_nobody_can_be_asked_nothing_is_removed_without_a_yes()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme("http://127.0.0.1:9"));

        var refused = (await drizzle.RunWithAsync(Less, "apply", "-f", "-", "--prune")).Ended(2);

        foreach (var line in (string[])["acme: - route public", "acme: - consumer mobile", "--yes"]) Assert.Contains(line, refused.Error);
        (await drizzle.Api.GetAsync("/v1/tenants/acme/routes/public")).IsDone();
        (await drizzle.RunWithAsync(Less, "apply", "-f", "-", "--prune", "--yes")).Ended(0);
        (await drizzle.Api.GetAsync("/v1/tenants/acme/routes/public")).Is(404, "not-found");
        // There is nothing more to remove, so nobody is asked.
        var again = (await drizzle.RunWithAsync(Less, "apply", "-f", "-", "--prune")).Ended(0);
        Assert.Contains("unchanged", again.Out);
    }

    [TestMethod]
    [DataRow("n", false)]
    [DataRow("", false)]
    [DataRow("y", true)]
    public async Task On_a_terminal_it_is_asked(string reply, bool isRemoved)
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme("http://127.0.0.1:9"));
        await File.WriteAllTextAsync(drizzle.File("less.yaml"), Less);
        // script(1) gives it a terminal.
        var line = $"'{BuiltProgram.Path}' apply -f '{drizzle.File("less.yaml")}' --prune";
        var run = await ProgramRun.OfAsync("script", ["-qec", line, "/dev/null"], drizzle.Environment, reply + "\n");
        Assert.AreEqual(isRemoved ? 0 : 1, run.Code, run.Out + run.Error);
        Assert.Contains("route public", run.Out);
        Assert.AreEqual(isRemoved ? 404 : 200, (await drizzle.Api.GetAsync("/v1/tenants/acme/routes/public")).Status);
    }
}
