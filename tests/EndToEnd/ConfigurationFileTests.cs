using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

[TestClass]
public sealed class ConfigurationFileTests
{
    [TestMethod]
    public async Task A_bad_file_at_start_is_refused_with_every_error_and_nothing_listens()
    {
        await using var drizzle = DrizzleProcess.Prepare();
        var file = drizzle.File("bad.yaml");
        await File.WriteAllTextAsync(file, """
            tenants:
              - slug: acme
                services:
                  - slug: orders
                    destinations: [{ url: "ftp://127.0.0.1" }]
                routes:
                  - name: read
                    service: nothing
                    match: { paths: [/api/**] }
            """);

        var run = (await drizzle.RunAsync("up", "--config", file)).Ended(1);

        Assert.HasCount(2, run.ErrorLines, run.Error);
        Assert.IsTrue(run.ErrorLines.All(l => l.StartsWith($"drizzle: {file}: ", StringComparison.Ordinal)), run.Error);
        Assert.IsTrue(run.ErrorLines.Any(l => l.Contains("line 5", StringComparison.Ordinal) && l.Contains("tenants[0].services[0].destinations[0].url", StringComparison.Ordinal)), run.Error);
        Assert.IsTrue(run.ErrorLines.Any(l => l.Contains("line 8", StringComparison.Ordinal) && l.Contains("tenants[0].routes[0].service", StringComparison.Ordinal)), run.Error);
        Assert.AreEqual("", run.Out);
        Assert.IsFalse(Directory.Exists(drizzle.Data), "Nothing was begun.");
    }

    [TestMethod]
    [DataRow("tenants: [{ slug: acme, colour: red }]", "colour")]
    [DataRow("tenants: [{ slug: ", "YAML")]
    [DataRow("tenants: [{ slug: acme, name: \"${DRIZZLE_TEST_MISSING}\" }]", "DRIZZLE_TEST_MISSING")]
    public async Task A_file_that_cannot_be_read_is_refused_with_its_line(string yaml, string expected)
    {
        await using var drizzle = DrizzleProcess.Prepare();
        var file = drizzle.File("bad.yaml");
        await File.WriteAllTextAsync(file, yaml);

        var run = (await drizzle.RunAsync("up", "--config", file)).Ended(1);

        Assert.Contains(expected, run.Error);
        Assert.Contains($"{file}: line ", run.Error);
        Assert.DoesNotContain("   at ", run.Error);
    }

    [TestMethod]
    public async Task A_watched_file_is_followed_through_edits_errors_replacement_and_deletion()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var drizzle = DrizzleProcess.Prepare();
        var file = drizzle.File("drizzle.yaml");
        string Opening(string path) => Configurations.Acme(upstream.Url).Replace("/open/**", path, StringComparison.Ordinal);
        Task OpensAsync(string path) => Eventually.TrueAsync($"{path} is in force", async () => await drizzle.StatusOfAsync($"/acme{path}") == 200);
        await File.WriteAllTextAsync(file, Opening("/first"));
        await drizzle.StartAsync("--config", file, "--watch");
        Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/first"));

        await File.WriteAllTextAsync(file, Opening("/second"));
        await OpensAsync("/second");
        Assert.AreEqual(404, await drizzle.StatusOfAsync("/acme/first"));

        await File.WriteAllTextAsync(file, "tenants: [{ slug: acme, colour: red }]");
        await Eventually.TrueAsync("the bad edit is reported", () => drizzle.Program.Error.Contains("the last good configuration stays", StringComparison.Ordinal));
        Assert.Contains("colour", drizzle.Program.Error);
        Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/second"));

        await File.WriteAllTextAsync(drizzle.File("drizzle.yaml.new"), Opening("/third"));
        File.Move(drizzle.File("drizzle.yaml.new"), file, overwrite: true);
        await OpensAsync("/third");

        File.Delete(file);
        await Eventually.TrueAsync("the deletion is reported", () => drizzle.Program.Error.Contains("cannot be read", StringComparison.Ordinal));
        Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/third"));
        await File.WriteAllTextAsync(file, Opening("/fourth"));
        await OpensAsync("/fourth");
    }
}
