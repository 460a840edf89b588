using System.Net.Http.Json;
using System.Text.Json;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Access;

/// <summary>Policies over a real edge: what they permit passes, and nothing else.</summary>
[TestClass]
public sealed class AuthorizationTests
{
    private const string Everything = "{ name: all, cedar: 'permit(principal, action, resource);' }";

    [TestMethod]
    public async Task Nothing_passes_that_no_policy_permits()
    {
        await using var run = await Run.UpAsync("");
        await run.ExpectAsync("/orders/1", run.Reader, 403, null);
        await run.ExpectAsync("/open/1", null, 403, null);
        Assert.IsEmpty(run.Upstream.Seen);
        await run.ApplyAsync(Everything);
        await run.ExpectAsync("/orders/1", run.Reader, 200);
        await run.ExpectAsync("/open/1", null, 200);
        await run.ExpectAsync("/orders/1", null, 401);
        await run.ApplyAsync("");
        await run.ExpectAsync("/orders/1", run.Reader, 403, null);
    }

    [TestMethod]
    [DataRow("""permit(principal in Role::"reader", action, resource);""", "reader", "/orders/1", true)]
    [DataRow("""permit(principal in Role::"reader", action, resource);""", "writer", "/orders/1", false)]
    [DataRow("""permit(principal in Role::"reader", action, resource);""", null, "/open/1", false)]
    [DataRow("""permit(principal in Consumer::"writer", action, resource);""", "writer", "/orders/1", true)]
    [DataRow("""permit(principal is Anonymous, action, resource == Route::"open");""", null, "/open/1", true)]
    [DataRow("""permit(principal is Key, action, resource);""", null, "/open/1", false)]
    [DataRow("""permit(principal, action, resource in Service::"orders");""", "reader", "/orders/1", true)]
    [DataRow("""permit(principal, action, resource in Service::"other");""", "reader", "/orders/1", false)]
    [DataRow("""permit(principal, action, resource in Tenant::"acme");""", "reader", "/orders/1", true)]
    [DataRow("""permit(principal, action, resource == Route::"orders");""", "reader", "/acme/orders/1/deeper", true)]
    [DataRow("""permit(principal, action, resource) when { resource.tags.contains("public") };""", null, "/open/1", true)]
    [DataRow("""permit(principal, action, resource) when { resource.tags.contains("public") };""", "reader", "/orders/1", false)]
    [DataRow("""permit(principal is Key, action, resource) when { principal.consumer.plan == "gold" };""", "reader", "/orders/1", true)]
    [DataRow("""permit(principal is Key, action, resource) when { principal.consumer.plan == "gold" };""", "writer", "/orders/1", false)]
    [DataRow("""permit(principal is Key, action, resource) when { principal.consumer.hasTag("region") && principal.consumer.getTag("region") == "eu" };""", "writer", "/orders/1", true)]
    [DataRow("""permit(principal, action, resource) when { context.ip.isLoopback() };""", "reader", "/orders/1", true)]
    [DataRow("""permit(principal, action, resource) when { context.ip.isInRange(ip("10.0.0.0/8")) };""", "reader", "/orders/1", false)]
    [DataRow("""permit(principal, action, resource) when { context.host == "127.0.0.1" && context.path == "/orders/1" };""", "reader", "/orders/1", true)]
    [DataRow("""permit(principal, action, resource) when { context.now >= datetime("2001-01-01") };""", "reader", "/orders/1", true)]
    [DataRow("""permit(principal, action, resource) when { context.headers.hasTag("x-team") && context.headers.getTag("x-team") == "blue" };""", "reader", "/orders/1", true)]
    [DataRow("""permit(principal, action, resource) when { context.headers.hasTag("x-api-key") };""", "reader", "/orders/1", false)]
    [DataRow("""permit(principal, action, resource) when { context.params.hasTag("id") && context.params.getTag("id") == "1" };""", "reader", "/orders/1", true)]
    [DataRow("""permit(principal, action, resource) when { context.params.hasTag("id") && context.params.getTag("id") == "1" };""", "reader", "/orders/2", false)]
    [DataRow("""permit(principal, action, resource) when { Headers::"request".hasTag("x-team") };""", "reader", "/orders/1", true)]
    [DataRow("""permit(principal, action in Action::"read", resource);""", "reader", "/orders/1", true)]
    [DataRow("""permit(principal, action in Action::"write", resource);""", "reader", "/orders/1", false)]
    public async Task Policies_see_who_asks_for_what_and_how(string cedar, string? consumer, string path, bool passes)
    {
        await using var run = await Run.UpAsync(PolicyOf("p", cedar));
        var key = consumer switch { "reader" => run.Reader, "writer" => run.Writer, _ => null };
        var status = await run.Edge.StatusAsync(path, key, request =>
        {
            request.Headers.Add("X-Team", "blue");
            // Under the tenant's prefix, where its services answer with no route written.
            if (path.StartsWith("/acme/", StringComparison.Ordinal)) request.Headers.Host = "localhost";
        });
        Assert.AreEqual(passes ? 200 : 403, status);
    }

    [TestMethod]
    [DataRow("GET", "GET")]
    [DataRow("HEAD", "HEAD")]
    [DataRow("DELETE", "DELETE")]
    [DataRow("PURGE", "other")]
    public async Task A_method_is_an_action(string method, string action)
    {
        await using var run = await Run.UpAsync(PolicyOf("p", $"permit(principal, action == Action::\"{action}\", resource);"));
        using var answer = await run.Edge.SendAsync(new HttpMethod(method), "/orders/1", run.Reader);
        Assert.AreEqual(200, (int)answer.StatusCode);
        await run.ApplyAsync(PolicyOf("p", $"permit(principal, action, resource) unless {{ action == Action::\"{action}\" }};"));
        using var refused = await run.Edge.SendAsync(new HttpMethod(method), "/orders/1", run.Reader);
        Assert.AreEqual(403, (int)refused.StatusCode);
    }

    [TestMethod]
    public async Task A_forbid_wins_and_is_named_in_the_answer_the_log_and_the_metrics()
    {
        await using var run = await Run.UpAsync($"{Everything}, {PolicyOf("office-hours", """forbid(principal in Role::"writer", action, resource); forbid(principal, action, resource) when { context.path like "*/secret" };""")}");
        await run.ExpectAsync("/orders/1", run.Reader, 200);
        await run.ExpectAsync("/orders/1", run.Writer, 403, "office-hours");
        await run.ExpectAsync("/orders/secret", run.Reader, 403, "office-hours");
        var page = await run.Edge.OperationsAsync("/metrics");
        StringAssert.Contains(page, "drizzle_policy_decisions_total{tenant=\"acme\",decision=\"allow\"} 1");
        StringAssert.Contains(page, "drizzle_policy_decisions_total{tenant=\"acme\",decision=\"deny\"} 2");
    }

    [TestMethod]
    public async Task A_shadow_policy_is_counted_and_decides_nothing()
    {
        await using var run = await Run.UpAsync($"{Everything}, {PolicyOf("trial", """forbid(principal in Role::"writer", action, resource);""", "mode: shadow")}");
        await run.ExpectAsync("/orders/1", run.Writer, 200);
        await run.ExpectAsync("/orders/1", run.Reader, 200);
        StringAssert.Contains(await run.Edge.OperationsAsync("/metrics"), "drizzle_policy_shadow_total{tenant=\"acme\",policy=\"trial\"} 1");
    }

    [TestMethod]
    public async Task A_forbid_that_errs_is_skipped_or_denies_as_the_tenant_wants_and_is_counted()
    {
        const string overflowing = """forbid(principal, action, resource) when { 9223372036854775807 + (if context.path == "/" then 0 else 1) > 0 };""";
        await using var run = await Run.UpAsync($"{Everything}, {PolicyOf("sum", overflowing)}");
        await run.ExpectAsync("/orders/1", run.Reader, 200);
        await run.ApplyAsync($"{Everything}, {PolicyOf("sum", overflowing)}", "erringForbid: deny");
        await run.ExpectAsync("/orders/1", run.Reader, 403, "sum");
        StringAssert.Contains(await run.Edge.OperationsAsync("/metrics"), "drizzle_policy_errors_total{tenant=\"acme\",policy=\"sum\"} 2");
    }

    [TestMethod]
    public async Task A_template_applies_to_what_it_is_linked_to()
    {
        await using var run = await Run.UpAsync(PolicyOf("grants", "permit(principal in ?principal, action, resource in ?resource);", "links: [{ principal: 'Consumer::\"writer\"', resource: 'Service::\"orders\"' }]"));
        await run.ExpectAsync("/orders/1", run.Writer, 200);
        await run.ExpectAsync("/orders/1", run.Reader, 403, null);
    }

    [TestMethod]
    public async Task What_cannot_be_compiled_leaves_the_last_good_policies_in_force()
    {
        await using var run = await Run.UpAsync(PolicyOf("p", """permit(principal in Role::"reader", action, resource);"""));
        var stored = await run.Edge.Engine.Store.ReadTenantAsync("acme", CancellationToken.None) ?? throw new AssertFailedException("It is not there.");
        // Past the validation, as a newer version's would come.
        var document = stored.Document with { Tenant = stored.Document.Tenant with { Policies = [new Policy { Name = "p", Cedar = "permit(principal, action, resource) when { new syntax };" }] } };
        await run.Edge.Engine.Store.WriteTenantAsync("acme", stored.Revision, document, new ChangeAuthor("test", null), CancellationToken.None);
        await Eventually.TrueAsync(async () => (await run.Edge.OperationsAsync("/metrics")).Contains("drizzle_config_refused_total{tenant=\"acme\"} 1", StringComparison.Ordinal), "it is refused");
        await run.ExpectAsync("/orders/1", run.Reader, 200);
        await run.ExpectAsync("/orders/1", run.Writer, 403, null);
    }

    private static string PolicyOf(string name, string cedar, string more = "") => $"{{ name: {name}, cedar: {JsonSerializer.Serialize(cedar)}{(more.Length > 0 ? ", " + more : "")} }}";

    /// <summary>A tenant with two consumers, reader on plan gold and writer, a route for each path under /orders, and one that wants no credential.</summary>
    private sealed class Run(TestUpstream upstream, RunningEdge edge) : IAsyncDisposable
    {
        public TestUpstream Upstream => upstream;

        public RunningEdge Edge => edge;

        public string Reader { get; private set; } = "";

        public string Writer { get; private set; } = "";

        public static async Task<Run> UpAsync(string policies)
        {
            var upstream = await TestUpstream.StartAsync();
            var run = new Run(upstream, await RunningEdge.StartAsync(Config(upstream, policies)));
            run.Reader = await run.Edge.AddKeyAsync("acme", "reader");
            run.Writer = await run.Edge.AddKeyAsync("acme", "writer");
            return run;
        }

        public Task ApplyAsync(string policies, string more = "") => edge.ApplyAsync(Config(upstream, policies, more));

        public async Task ExpectAsync(string path, string? key, int status, string? policy = null)
        {
            using var answer = await edge.GetAsync(path, key);
            Assert.AreEqual(status, (int)answer.StatusCode, path);
            if (status != 403) return;
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.AreEqual("urn:drizzle:denied", problem.GetProperty("type").GetString());
            Assert.AreEqual(policy, problem.TryGetProperty("policy", out var named) ? named.GetString() : null);
            Assert.AreEqual("acme", problem.GetProperty("tenant").GetString());
            Assert.IsGreaterThan(0, problem.GetProperty("revision").GetInt64());
        }

        public async ValueTask DisposeAsync()
        {
            await edge.DisposeAsync();
            await upstream.DisposeAsync();
        }

        private static string Config(TestUpstream upstream, string policies, string more = "") => $$"""
            {{Gateway.NoAddressLimit}}
            tenants:
              - slug: acme
                hosts: [127.0.0.1]
                plans: [{ name: gold }]
                services: [{ slug: orders, destinations: [{ url: "{{upstream.Url}}" }] }]
                consumers: [{ name: reader, plan: gold, roles: [reader] }, { name: writer, roles: [writer], attributes: { region: eu } }]
                routes:
                  - { name: by-id, service: orders, match: { paths: ["/orders/{id}"] } }
                  - { name: open, service: orders, auth: none, tags: [public], match: { paths: ["/open/**"] } }
                policies: [{{policies}}]
                {{more}}
            """;
    }
}
