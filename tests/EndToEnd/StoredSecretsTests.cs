using System.Text;
using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

/// <summary>Secrets of upstreams: sent there, and seen nowhere else.</summary>
[TestClass]
public sealed class StoredSecretsTests
{
    private const string Value = "upstream-secret-5f1c";

    private static readonly KeyValuePair<string, string> Key = KeyValuePair.Create("DRIZZLE_MASTER_KEY", Convert.ToBase64String(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()));

    private static string Configuration(string upstream, string secret) => $$"""
        {{Configurations.Platform}}
        tenants:
          - slug: acme
            policies: [{ name: all, cedar: 'permit(principal, action, resource);' }]
            services: [{ slug: orders, destinations: [{ url: "{{upstream}}" }], credentials: [{ header: Authorization, prefix: "Bearer ", secret: {{secret}} }] }]
            routes: [{ name: public, service: orders, auth: none, match: { paths: ["/open/**"] } }]
        """;

    [TestMethod]
    public async Task A_value_reaches_the_upstream_and_nobody_else()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var drizzle = await DrizzleProcess.UpAsync(Key);
        await drizzle.ApplyAsync(Configuration(upstream.Url, $$"""{ value: {{Value}} }"""));
        Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/open/1"));
        Assert.AreEqual($"Bearer {Value}", upstream.Seen.Last().Headers["Authorization"]);

        var revision = await drizzle.RevisionAsync();
        (await drizzle.RunWithAsync(Configuration(upstream.Url, $$"""{ value: {{Value}} }"""), "apply", "-f", "-")).Ended(0);
        var exported = (await drizzle.RunAsync("export")).Ended(0).Out;
        Assert.Contains("stored: true", exported);
        (await drizzle.RunWithAsync(exported, "apply", "-f", "-", "--prune")).Ended(0);
        Assert.AreEqual(revision, await drizzle.RevisionAsync(), "neither changes anything");
        await drizzle.ApplyAsync(Configuration(upstream.Url, "{ value: another-secret-77 }"));
        Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/open/2"));
        Assert.AreEqual("Bearer another-secret-77", upstream.Seen.Last().Headers["Authorization"]);
        (await drizzle.RunAsync("rollback", $"{revision}", "-t", "acme", "--wait")).Ended(0);
        Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/open/3"));
        Assert.AreEqual($"Bearer {Value}", upstream.Seen.Last().Headers["Authorization"]);

        var seen = new StringBuilder(exported).Append(drizzle.Program.Out).Append(drizzle.Program.Error);
        foreach (var path in (string[])["/v1/tenants/acme", "/v1/tenants/acme/services", "/v1/tenants/acme/services/orders", $"/v1/tenants/acme/diff?from={revision}&to={revision + 1}", "/v1/tenants/acme/diff?from=1", "/v1/audit"])
        {
            seen.Append((await drizzle.Api.GetAsync(path)).IsDone().Body);
        }
        foreach (var file in Directory.EnumerateFiles(drizzle.Data, "drizzle.db*")) seen.Append(Encoding.Latin1.GetString(await ReadAsync(file)));
        Assert.DoesNotContain(Value, seen.ToString());
        Assert.DoesNotContain("another-secret-77", seen.ToString());
        Assert.Contains("\"credentials[0].secret.stored\"", seen.ToString());
    }

    [TestMethod]
    public async Task Without_the_key_values_are_refused_and_stored_ones_are_not_in_force()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var drizzle = await DrizzleProcess.UpAsync(Key);
        await drizzle.ApplyAsync(Configuration(upstream.Url, $$"""{ value: {{Value}} }"""));
        await drizzle.KillAsync();
        drizzle.Environment["DRIZZLE_MASTER_KEY"] = "";
        await drizzle.StartAsync();
        var refused = (await drizzle.Api.GetAsync("/v1/edges")).IsDone().Body.GetProperty("edges")[0].GetProperty("refused")[0].GetProperty("reason").GetString() ?? "";
        Assert.Contains("DRIZZLE_MASTER_KEY is not set on this edge", refused);
        Assert.AreEqual(404, await drizzle.StatusOfAsync("/acme/open/1"), "nothing goes to the upstream without what it wants");
        var run = (await drizzle.RunWithAsync(Configuration(upstream.Url, "{ value: other }"), "apply", "-f", "-")).Ended(1);
        Assert.Contains("DRIZZLE_MASTER_KEY is not set here", run.Error);
        await drizzle.KillAsync();
        drizzle.Environment["DRIZZLE_MASTER_KEY"] = "not a key";
        Assert.Contains("openssl rand -base64 32", (await drizzle.RunAsync("up")).Ended(2).Error);
    }

    [TestMethod]
    public async Task References_are_read_by_the_edge_and_stated_by_the_platforms_owner_alone()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var drizzle = await DrizzleProcess.UpAsync(KeyValuePair.Create("ORDERS_SECRET", Value));
        await drizzle.ApplyAsync(Configuration(upstream.Url, "{ fromEnv: ORDERS_SECRET }"));
        Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/open/1"));
        Assert.AreEqual($"Bearer {Value}", upstream.Seen.Last().Headers["Authorization"]);
        Assert.DoesNotContain(Value, (await drizzle.RunAsync("export")).Ended(0).Out);

        var token = (await drizzle.RunAsync("create", "token", "ed", "-t", "acme", "--role", "owner", "-o", "json")).Ended(0).Json.GetProperty("token").GetString();
        using var owner = new AdminApi(drizzle.Environment["DRIZZLE_ADMIN"], token);
        string Service(string slug, string more) => $$"""{"slug":"{{slug}}","destinations":[{"url":"{{upstream.Url}}"}],{{more}}}""";
        string Reads(string secret) => $$"""credentials":[{"header":"Authorization","prefix":"Bearer ","secret":{{secret}}}]""";
        foreach (var (slug, more) in new[]
        {
            ("mine", "\"" + Reads("""{"fromEnv":"DRIZZLE_MASTER_KEY"}""")), ("mine", "\"" + Reads("""{"fromFile":"/etc/passwd"}""")), ("mine", "\"" + Reads("""{"fromEnv":"ORDERS_SECRET"}""")),
            ("orders", "\"" + Reads("""{"fromEnv":"PATH"}""")), ("mine", "\"tls\":{\"caFile\":\"/etc/passwd\"}"),
        })
        {
            (await owner.PutAsync($"/v1/tenants/acme/services/{slug}", Service(slug, more))).Is(403, "forbidden");
        }
        (await owner.PutAsync("/v1/tenants/acme/services/orders", Service("orders", "\"" + Reads("""{"fromEnv":"ORDERS_SECRET"}""") + ",\"keyHeader\":\"X-Mine\""))).IsDone();
        // Nor may it be sent to somebody else.
        (await owner.PutAsync("/v1/tenants/acme/services/orders", Service("orders", "\"" + Reads("""{"fromEnv":"ORDERS_SECRET"}""")).Replace(upstream.Url, "http://evil.test", StringComparison.Ordinal))).Is(403, "forbidden");

        await drizzle.ApplyAsync(Configuration(upstream.Url, "{ fromEnv: NOT_SET_ANYWHERE }"));
        var refused = (await drizzle.Api.GetAsync("/v1/edges")).IsDone().Body.GetProperty("edges")[0].GetProperty("refused")[0].GetProperty("reason").GetString() ?? "";
        Assert.Contains("NOT_SET_ANYWHERE is not set on this edge", refused);
        Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/open/1"), "the last good revision stays");
    }

    /// <summary>The database is open, so others may write.</summary>
    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
