using System.Text.Json;
using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

/// <summary>Policies from the file to the answer, as their author meets them.</summary>
[TestClass]
public sealed class PolicyTests
{
    private static string Config(string upstream, string expected = "deny") => $$"""
        {{Configurations.Platform}}
        tenants:
          - slug: acme
            services: [{ slug: orders, destinations: [{ url: "{{upstream}}" }] }]
            consumers: [{ name: mobile, roles: [reader] }]
            policies:
              - name: readers-read
                cedar: permit(principal in Role::"reader", action in Action::"read", resource in Service::"orders");
                tests:
                  - { request: GET orders, consumer: mobile, expect: allow }
                  - { request: POST orders, consumer: mobile, expect: {{expected}} }
              - name: no-secrets
                cedar: forbid(principal, action, resource) when { context.path like "*/secret" };
              - name: nobody-at-all
                cedar: forbid(principal, action, resource);
                mode: shadow
        """;

    [TestMethod]
    public async Task A_policy_goes_from_the_file_to_the_answer_and_explains_itself()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Config(upstream.Url));
        var key = await drizzle.CreateKeyAsync("acme", "mobile");
        Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/orders/7", key));
        Assert.AreEqual(403, await drizzle.StatusOfAsync("/acme/orders/secret", key));

        var told = (await drizzle.RunAsync("explain", "-t", "acme", "GET", "/acme/orders/secret", "-H", $"X-API-Key: {key}")).Ended(0).Out;
        Assert.Contains("Refused with 403: Forbidden by no-secrets.", told);
        Assert.Contains("policy       readers-read: permits it", told);
        Assert.Contains("policy       no-secrets: forbids it", told);
        Assert.Contains("policy       nobody-at-all: forbids it (in shadow: decides nothing)", told);
        Assert.DoesNotContain("tenant-wall", told);

        (await drizzle.RunAsync("delete", "policy", "readers-read", "-t", "acme", "--force", "--wait")).Ended(0);
        Assert.AreEqual(403, await drizzle.StatusOfAsync("/acme/orders/7", key));
        Assert.Contains("Refused with 403: No policy permits this request.", (await drizzle.RunAsync("explain", "-t", "acme", "GET", "/acme/orders/7", "-H", $"X-API-Key: {key}")).Ended(0).Out);
    }

    [TestMethod]
    public async Task Tests_of_policies_run_without_a_server_and_a_change_that_fails_one_is_refused()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        var file = drizzle.File("drizzle.yaml");
        await File.WriteAllTextAsync(file, Config("http://127.0.0.1:9"));
        var passed = (await drizzle.RunAsync("policies", "test", "-f", file)).Ended(0).Out;
        Assert.Contains("ok  acme/readers-read: GET orders as mobile: allow", passed);
        Assert.Contains("2 tests of 3 policies pass.", passed);
        Assert.AreEqual("deny", (await drizzle.RunAsync("policies", "test", "-f", file, "-o", "json")).Ended(0).Json[1].GetProperty("decision").GetString());

        await drizzle.ApplyAsync(Config("http://127.0.0.1:9"));
        await File.WriteAllTextAsync(file, Config("http://127.0.0.1:9", expected: "allow"));
        foreach (var verb in (string[][])[["policies", "test", "-f", file], ["apply", "-f", file]])
        {
            Assert.Contains("policies[0].tests[1]: Expected allow, but the request is permitted by no policy.", (await drizzle.RunAsync(verb)).Ended(1).Error);
        }
        // Through the API too, and by another policy than the one that has the test.
        var forbidding = JsonSerializer.Serialize(new { name = "nothing", cedar = "forbid(principal, action, resource);" });
        var refused = await drizzle.Api.PutAsync("/v1/tenants/acme/policies/nothing", forbidding);
        refused.Is(422, "invalid");
        Assert.Contains("forbidden by nothing", refused.Body.ToString());
    }

    [TestMethod]
    public async Task A_policy_that_cannot_work_is_refused_with_line_and_column()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        var file = drizzle.File("policy.cedar");
        await File.WriteAllTextAsync(file, "permit(principal, action, resource)\n  when { principal.name == \"x\" };");
        (await drizzle.RunAsync("create", "tenant", "acme")).Ended(0);
        Assert.Contains("line 2, column 10: Key has no attribute 'name'.", (await drizzle.RunAsync("create", "policy", "p", "-t", "acme", "-f", file)).Ended(1).Error);
        Assert.Contains("entity Key in [Consumer, Role, Tenant]", (await drizzle.RunAsync("policies", "schema")).Ended(0).Out);
    }
}
