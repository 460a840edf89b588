using Drizzle.EndToEnd.Hosting;

namespace Drizzle.EndToEnd;

/// <summary>What is kept in a file is changed there.</summary>
[TestClass]
public sealed class OwnershipTests
{
    [TestMethod]
    public async Task What_a_file_states_is_read_only_elsewhere_until_it_is_forced()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        var file = drizzle.File("gateway.yaml");
        await File.WriteAllTextAsync(file, Configurations.Acme("http://127.0.0.1:9"));
        (await drizzle.RunAsync("apply", "-f", file)).Ended(0);
        var applied = await drizzle.RevisionAsync();
        Assert.Contains("unchanged", (await drizzle.RunAsync("apply", "-f", file)).Ended(0).Out);
        Assert.AreEqual(applied, await drizzle.RevisionAsync());

        var refused = (await drizzle.Api.SendAsync("DELETE", "/v1/tenants/acme/routes/public")).Is(409, "owned-by-file");
        Assert.Contains("route/public is kept in the file gateway.yaml", refused.Text("detail"));
        (await drizzle.Api.PutAsync("/v1/tenants/acme/consumers/Mobile", """{"name":"Mobile","roles":["other"]}""")).Is(409, "owned-by-file");
        (await drizzle.Api.PutAsync("/v1/tenants/acme", """{"slug":"acme","hosts":["other.test"]}""")).Is(409, "owned-by-file");
        (await drizzle.Api.PutAsync("/v1/tenants/acme?prune=true", """{"slug":"acme"}""")).Is(409, "owned-by-file");
        Assert.Contains("kept in the file gateway.yaml", (await drizzle.RunAsync("delete", "route", "public", "-t", "acme")).Ended(1).Error);
        Assert.AreEqual(applied, await drizzle.RevisionAsync());
        // What the file does not state is anybody's, and keys are no part of files.
        (await drizzle.Api.PutAsync("/v1/tenants/acme/consumers/web", """{"name":"web"}""")).IsDone();
        (await drizzle.RunAsync("create", "key", "-t", "acme", "--consumer", "mobile")).Ended(0);
        var shown = (await drizzle.RunAsync("get", "consumers", "-t", "acme")).Ended(0).Out;
        Assert.MatchesRegex(@"mobile .*gateway\.yaml", shown);
        Assert.DoesNotMatchRegex(@"web .*gateway\.yaml", shown);

        (await drizzle.RunAsync("delete", "route", "public", "-t", "acme", "--force")).Ended(0);
        Assert.Contains("+ route public", (await drizzle.RunAsync("diff", "-f", file)).Ended(0).Out);
        (await drizzle.RunAsync("apply", "-f", file)).Ended(0);
        (await drizzle.Api.SendAsync("DELETE", "/v1/tenants/acme/routes/public")).Is(409, "owned-by-file");
    }

    [TestMethod]
    public async Task Two_files_keep_their_own_parts_of_one_tenant()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        var (mine, theirs) = (drizzle.File("mine.yaml"), drizzle.File("theirs.yaml"));
        await File.WriteAllTextAsync(mine, "tenants: [{ slug: acme, consumers: [{ name: mobile }] }]");
        await File.WriteAllTextAsync(theirs, "tenants: [{ slug: acme, consumers: [{ name: web }] }]");
        (await drizzle.RunAsync("apply", "-f", mine)).Ended(0);
        (await drizzle.RunAsync("apply", "-f", theirs)).Ended(0);
        await File.WriteAllTextAsync(theirs, "tenants: [{ slug: acme, consumers: [{ name: web }, { name: mobile, roles: [admin] }] }]");
        Assert.Contains("consumer/mobile is kept in the file mine.yaml", (await drizzle.RunAsync("apply", "-f", theirs)).Ended(1).Error);
        (await drizzle.RunAsync("apply", "-f", theirs, "--force")).Ended(0);
        Assert.Contains("consumer/mobile is kept in the file theirs.yaml", (await drizzle.RunAsync("apply", "-f", mine)).Ended(1).Error);
        // Under another name it is the same file.
        (await drizzle.RunAsync("apply", "-f", mine, "--as", "theirs.yaml")).Ended(0);
        Assert.AreEqual("[{\"object\":\"consumer/mobile\",\"file\":\"theirs.yaml\"}]", (await drizzle.Api.GetAsync("/v1/tenants/acme/owners")).IsDone().Body.GetRawText());
    }

    [TestMethod]
    public async Task One_tenant_of_a_file_can_be_applied_alone()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        var file = drizzle.File("two.yaml");
        await File.WriteAllTextAsync(file, "platform: { addressLimit: { rate: 7/s, burst: 7 } }\ntenants: [{ slug: acme }, { slug: other }]");
        Assert.Contains("+ tenant other", (await drizzle.RunAsync("diff", "-f", file, "-t", "other")).Ended(0).Out);
        (await drizzle.RunAsync("apply", "-f", file, "-t", "other")).Ended(0);
        Assert.AreEqual("other", Assert.ContainsSingle((await drizzle.Api.GetAsync("/v1/tenants")).IsDone().Body.EnumerateArray()).GetProperty("slug").GetString());
        Assert.IsFalse((await drizzle.Api.GetAsync("/v1/platform")).IsDone().Body.TryGetProperty("addressLimit", out _));
        (await drizzle.RunAsync("apply", "-f", file, "-t", "nobody")).Ended(1);
    }
}
