using Drizzle.EndToEnd.Hosting;

namespace Drizzle.EndToEnd;

[TestClass]
public sealed class KindsTests
{
    [TestMethod]
    public async Task Every_kind_is_created_shown_and_deleted()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        var policy = drizzle.File("policy.cedar");
        await File.WriteAllTextAsync(policy, "permit(principal, action, resource in Tenant::\"acme\");");

        (await drizzle.RunAsync("create", "tenant", "acme", "--name", "Acme Inc.", "--host", "api.acme.test", "--host", "www.acme.test")).Ended(0);
        var tenant = (await drizzle.RunAsync("get", "tenant", "acme", "-o", "json")).Ended(0).Json;
        Assert.AreEqual(2, tenant.GetProperty("hosts").GetArrayLength());

        await CreatedAsync(drizzle, "service", "orders", "--url", "http://127.0.0.1:9");
        Assert.Contains("already", (await drizzle.RunAsync("create", "service", "orders", "-t", "acme", "--url", "http://127.0.0.1:9")).Ended(1).Error);
        Assert.AreEqual(1, (await drizzle.RunAsync("get", "services", "-t", "acme", "-o", "json")).Ended(0).Json.GetArrayLength());
        await CreatedAsync(drizzle, "plan", "starter", "--rate", "60/m", "--burst", "60");
        await CreatedAsync(drizzle, "consumer", "mobile", "--plan", "starter", "--role", "reader");
        await CreatedAsync(drizzle, "route", "read", "--service", "orders", "--path", "/api/**", "--method", "GET", "--auth", "key");
        await CreatedAsync(drizzle, "policy", "all", "-f", policy);
        await CreatedAsync(drizzle, "issuer", "login", "--url", "https://login.acme.test", "--audience", "api");

        foreach (var (kind, name) in ((string, string)[])[("issuer", "login"), ("policy", "all"), ("route", "read"), ("consumer", "mobile"), ("plan", "starter"), ("service", "orders")])
        {
            (await drizzle.RunAsync("delete", kind, name, "-t", "acme")).Ended(0);
            (await drizzle.Api.GetAsync($"/v1/tenants/acme/{(kind == "policy" ? "policie" : kind)}s/{name}")).Is(404, "not-found");
        }
        Assert.Contains("There is no service 'orders'.", (await drizzle.RunAsync("get", "service", "orders", "-t", "acme")).Ended(1).Error);
        (await drizzle.RunAsync("delete", "tenant", "acme")).Ended(0);
        Assert.AreEqual(0, (await drizzle.RunAsync("get", "tenants", "-o", "json")).Ended(0).Json.GetArrayLength());
    }

    [TestMethod]
    public async Task A_key_is_created_listed_by_its_prefix_and_deleted()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme("http://127.0.0.1:9"));
        var created = (await drizzle.RunAsync("create", "key", "-t", "acme", "--consumer", "mobile", "--expires", "30d", "-o", "json")).Ended(0).Json;
        var prefix = created.GetProperty("prefix").GetString() ?? "";

        var listed = (await drizzle.RunAsync("get", "key", prefix, "-t", "acme", "-o", "json")).Ended(0).Json;
        Assert.AreEqual("mobile", listed.GetProperty("consumer").GetString());
        Assert.IsGreaterThan(listed.GetProperty("createdAt").GetDateTimeOffset().AddDays(29), listed.GetProperty("expiresAt").GetDateTimeOffset());

        (await drizzle.RunAsync("delete", "key", prefix, "-t", "acme")).Ended(0);
        (await drizzle.RunAsync("get", "key", prefix, "-t", "acme")).Ended(1);
    }

    [TestMethod]
    public async Task A_token_opens_the_admin_API_until_it_is_deleted_and_the_last_one_stays()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        var token = (await drizzle.RunAsync("create", "token", "ci", "-o", "json")).Ended(0).Json.GetProperty("token").GetString() ?? "";

        (await drizzle.RunAsync("get", "tenants", "--token", token)).Ended(0);
        (await drizzle.RunAsync("delete", "token", "ci")).Ended(0);

        (await drizzle.RunAsync("get", "tenants", "--token", token)).Ended(1);
        (await drizzle.RunAsync("delete", "token", "root")).Ended(1);
    }

    [TestMethod]
    public async Task The_platform_is_shown_in_every_form()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Platform);

        Assert.AreEqual("1000000/s", (await drizzle.RunAsync("get", "platform", "-o", "json")).Ended(0).Json.GetProperty("addressLimit").GetProperty("rate").GetString());
        Assert.Contains("1000000", (await drizzle.RunAsync("get", "platform")).Ended(0).Out);
        Assert.Contains("addressLimit:", (await drizzle.RunAsync("get", "platform", "-o", "yaml")).Ended(0).Out);
    }

    private static async Task CreatedAsync(DrizzleProcess drizzle, string kind, string name, params string[] options)
    {
        (await drizzle.RunAsync(["create", kind, name, "-t", "acme", "-o", "json", .. options])).Ended(0);
        var one = (await drizzle.RunAsync("get", kind, name, "-t", "acme", "-o", "json")).Ended(0).Json;
        Assert.AreEqual(name, one.GetProperty(kind == "service" ? "slug" : "name").GetString());
    }
}
