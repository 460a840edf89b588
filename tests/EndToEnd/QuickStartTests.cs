using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

[TestClass]
public sealed class QuickStartTests
{
    [TestMethod]
    public async Task From_nothing_to_a_request_with_a_key()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var drizzle = await DrizzleProcess.UpAsync();
        var file = drizzle.File("drizzle.yaml");
        await File.WriteAllTextAsync(file, Configurations.Acme(upstream.Url));

        var applied = (await drizzle.RunAsync("apply", "-f", file)).Ended(0);
        Assert.Contains("+ service orders", applied.Out);
        var key = await drizzle.CreateKeyAsync("acme", "mobile");

        Assert.StartsWith("drz_", key);
        Assert.AreEqual(401, await drizzle.StatusOfAsync("/acme/orders/7"));
        Assert.AreEqual(401, await drizzle.StatusOfAsync("/acme/orders/7", key[..^1] + (key[^1] == 'A' ? 'B' : 'A')));
        Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/orders/7?x=1", key));
        Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/open/hello"));
        Assert.AreEqual("/7?x=1", upstream.Seen.First().Target);
        Assert.IsFalse(upstream.Seen.First().Headers.ContainsKey("X-API-Key"));
    }

    [TestMethod]
    public async Task A_route_for_everything_sees_the_path_after_the_tenants_prefix()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme(upstream.Url).Replace("/open/**", "/**", StringComparison.Ordinal));

        Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/a/b"));
        Assert.AreEqual(401, await drizzle.StatusOfAsync("/acme/orders/7"));

        Assert.AreEqual("/a/b", upstream.Seen.Single().Target);
    }

    [TestMethod]
    public async Task What_is_exported_applies_to_the_same_state()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme("http://127.0.0.1:9"));
        await drizzle.CreateKeyAsync("acme", "mobile");
        var before = await drizzle.RevisionAsync();
        var exported = (await drizzle.RunAsync("export")).Ended(0).Out;

        var diff = (await drizzle.RunWithAsync(exported, "diff", "-f", "-", "--prune")).Ended(0);
        var again = (await drizzle.RunWithAsync(exported, "apply", "-f", "-", "--prune", "--yes")).Ended(0);

        foreach (var line in (diff.Out + again.Out).Split('\n', StringSplitOptions.RemoveEmptyEntries)) Assert.Contains("unchanged", line);
        Assert.AreEqual(before, await drizzle.RevisionAsync());
        Assert.AreEqual(exported, (await drizzle.RunAsync("export")).Ended(0).Out);
        Assert.AreEqual(1, (await drizzle.RunAsync("get", "keys", "-t", "acme", "-o", "json")).Ended(0).Json.GetArrayLength());
    }

    [TestMethod]
    public async Task An_export_makes_an_empty_gateway_the_same()
    {
        await using var first = await DrizzleProcess.UpAsync();
        await first.ApplyAsync(Configurations.Acme("http://127.0.0.1:9"));
        var exported = (await first.RunAsync("export")).Ended(0).Out;
        await using var second = await DrizzleProcess.UpAsync();

        await second.ApplyAsync(exported);

        Assert.AreEqual(exported, (await second.RunAsync("export")).Ended(0).Out);
    }

    [TestMethod]
    public async Task Status_and_revisions_say_what_is_in_force_and_how_it_came_to_be()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        var file = drizzle.File("drizzle.yaml");
        await File.WriteAllTextAsync(file, Configurations.Acme("http://127.0.0.1:9"));
        (await drizzle.RunAsync("apply", "-f", file, "--reason", "first light")).Ended(0);
        await drizzle.CaughtUpAsync();

        // The edge reports after it has applied.
        await Eventually.TrueAsync("the edge has reported", async () => (await drizzle.RunAsync("status", "-o", "json")).Ended(0).Json.GetProperty("edges")[0].GetProperty("lag").GetInt64() == 0);
        var status = (await drizzle.RunAsync("status", "-o", "json")).Ended(0).Json;
        var revisions = (await drizzle.RunAsync("revisions", "-t", "acme", "-o", "json")).Ended(0).Json;

        Assert.AreEqual(1, status.GetProperty("edges").GetArrayLength());
        Assert.AreEqual(status.GetProperty("revision").GetInt64(), status.GetProperty("edges")[0].GetProperty("applied").GetInt64());
        Assert.AreEqual(1, revisions.GetArrayLength());
        Assert.AreEqual("root", revisions[0].GetProperty("actor").GetString());
        Assert.AreEqual("first light", revisions[0].GetProperty("reason").GetString());
    }

    [TestMethod]
    public async Task What_is_deleted_answers_no_more()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme(upstream.Url));
        Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/open/hello"));

        (await drizzle.RunAsync("delete", "route", "public", "-t", "acme")).Ended(0);
        await drizzle.CaughtUpAsync();

        Assert.AreEqual(404, await drizzle.StatusOfAsync("/acme/open/hello"));
    }

    [TestMethod]
    public async Task A_revoked_key_opens_nothing()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme(upstream.Url));
        var key = await drizzle.CreateKeyAsync("acme", "mobile");
        Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/orders/7", key));

        (await drizzle.RunAsync("revoke", "key", key[..12], "-t", "acme")).Ended(0);
        await drizzle.CaughtUpAsync();

        Assert.AreEqual(401, await drizzle.StatusOfAsync("/acme/orders/7", key));
    }
}
