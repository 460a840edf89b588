using Drizzle.EndToEnd.Hosting;

namespace Drizzle.EndToEnd;

/// <summary>What changed, and going back.</summary>
[TestClass]
public sealed class HistoryTests
{
    [TestMethod]
    public async Task A_rollback_is_a_new_revision_that_brings_no_revoked_key_back()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme("http://127.0.0.1:9"));
        var made = (await drizzle.RunAsync("create", "key", "-t", "acme", "--consumer", "mobile", "-o", "json")).Ended(0).Json;
        var good = made.GetProperty("revision").GetInt64();
        (await drizzle.RunAsync("revoke", "key", made.GetProperty("prefix").GetString() ?? "", "-t", "acme")).Ended(0);
        (await drizzle.RunAsync("delete", "route", "public", "-t", "acme")).Ended(0);

        var trial = (await drizzle.RunAsync("rollback", $"{good}", "-t", "acme", "--dry-run")).Ended(0);
        Assert.Contains("+ route public", trial.Out);
        var done = (await drizzle.RunAsync("rollback", $"{good}", "-t", "acme", "-m", "the route was needed", "--wait")).Ended(0);

        Assert.Contains("+ route public", done.Out);
        (await drizzle.Api.GetAsync("/v1/tenants/acme/routes/public")).IsDone();
        Assert.IsTrue(Assert.ContainsSingle((await drizzle.Api.GetAsync("/v1/tenants/acme/keys")).IsDone().Body.EnumerateArray()).GetProperty("revoked").GetBoolean());
        var newest = (await drizzle.Api.GetAsync("/v1/revisions?limit=1")).IsDone().Body[0];
        Assert.AreEqual("the route was needed", newest.GetProperty("reason").GetString());
        Assert.IsGreaterThan(good + 2, newest.GetProperty("revision").GetInt64());
        var again = (await drizzle.RunAsync("rollback", $"{good}", "-t", "acme")).Ended(0);
        Assert.Contains("unchanged", again.Out);
        (await drizzle.RunAsync("rollback", "0", "-t", "acme")).Ended(1);
    }

    [TestMethod]
    public async Task A_deleted_tenant_comes_back_without_its_keys()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme("http://127.0.0.1:9"));
        var good = (await drizzle.RunAsync("create", "key", "-t", "acme", "--consumer", "mobile", "-o", "json")).Ended(0).Json.GetProperty("revision").GetInt64();
        (await drizzle.RunAsync("delete", "tenant", "acme")).Ended(0);
        (await drizzle.RunAsync("rollback", $"{good}", "-t", "acme")).Ended(0);
        Assert.AreEqual(1, (await drizzle.Api.GetAsync("/v1/tenants/acme/routes")).IsDone().Body.GetArrayLength());
        Assert.AreEqual(0, (await drizzle.Api.GetAsync("/v1/tenants/acme/keys")).IsDone().Body.GetArrayLength());
    }

    [TestMethod]
    public async Task A_diff_says_which_fields_differ_and_shows_no_hash()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme("http://127.0.0.1:9"));
        var before = (await drizzle.Api.GetAsync("/v1/revisions?limit=1")).IsDone().Body[0].GetProperty("revision").GetInt64();
        (await drizzle.RunAsync("create", "key", "-t", "acme", "--consumer", "mobile")).Ended(0);
        (await drizzle.Api.PutAsync("/v1/tenants/acme/routes/public", """{"name":"public","service":"orders","auth":["none"],"match":{"paths":["/opened/**"]}}""")).IsDone();
        (await drizzle.RunAsync("delete", "policy", "all", "-t", "acme")).Ended(0);

        var shown = (await drizzle.RunAsync("diff", $"{before}", "-t", "acme")).Ended(0).Out;

        Assert.Contains("~ route public", shown);
        Assert.Contains("match.paths[0]: \"/open/**\" → \"/opened/**\"", shown);
        Assert.Contains("- policy all", shown);
        Assert.Contains("+ key drz_", shown);
        var json = (await drizzle.RunAsync("diff", $"{before}", $"{before + 1}", "-t", "acme", "-o", "json")).Ended(0);
        Assert.AreEqual("key", Assert.ContainsSingle(json.Json.GetProperty("changes").EnumerateArray()).GetProperty("kind").GetString());
        Assert.DoesNotContain("hash", (await drizzle.Api.GetAsync($"/v1/tenants/acme/diff?from={before}")).IsDone().Body.GetRawText());
        (await drizzle.RunAsync("diff")).Ended(2);
        (await drizzle.RunAsync("diff", "1", "-f", "x.yaml")).Ended(2);
        (await drizzle.RunAsync("diff", "1", "-t", "nobody")).Ended(1);
    }

    [TestMethod]
    public async Task The_platforms_settings_have_a_history_too()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        var first = (await drizzle.Api.PutAsync("/v1/platform", """{"trustedProxies":["10.0.0.0/8"]}""")).IsDone().Body.GetProperty("revision").GetInt64();
        (await drizzle.Api.PutAsync("/v1/platform", """{"trustedProxies":["192.168.0.0/16"]}""")).IsDone();
        Assert.Contains("trustedProxies[0]: \"10.0.0.0/8\" → \"192.168.0.0/16\"", (await drizzle.RunAsync("diff", $"{first}")).Ended(0).Out);
        (await drizzle.RunAsync("rollback", "0")).Ended(1);
        (await drizzle.RunAsync("rollback", $"{first}")).Ended(0);
        Assert.AreEqual("10.0.0.0/8", (await drizzle.Api.GetAsync("/v1/platform")).IsDone().Body.GetProperty("trustedProxies")[0].GetString());
    }

    [TestMethod]
    public async Task What_is_older_than_it_is_kept_for_is_forgotten_and_nothing_else()
    {
        await using var drizzle = DrizzleProcess.Prepare();
        await drizzle.StartAsync();
        foreach (var name in (string[])["one", "two", "three"]) (await drizzle.Api.PutAsync("/v1/tenants/acme", $$"""{"slug":"acme","name":"{{name}}"}""")).IsDone();
        Assert.AreEqual(3, (await drizzle.Api.GetAsync("/v1/revisions")).IsDone().Body.GetArrayLength());
        await drizzle.Program.TerminateAsync();
        await drizzle.Program.ExitAsync();

        drizzle.Environment["Drizzle__Admin__KeepRevisions"] = "1ms";
        await drizzle.StartAsync();

        await Eventually.TrueAsync("the superseded are forgotten", async () => (await drizzle.Api.GetAsync("/v1/revisions")).IsDone().Body.GetArrayLength() == 1);
        Assert.AreEqual("three", (await drizzle.Api.GetAsync("/v1/tenants/acme")).Text("name"));
        (await drizzle.RunAsync("rollback", "1", "-t", "acme")).Ended(1);
    }
}
