using Drizzle.Contracts.Explaining;
using Drizzle.Contracts.Values;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Edge.Tests.Tokens;
using Drizzle.Testing;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Tests.Access;

/// <summary>Tokens over a real edge, whose issuer serves its keys over HTTP.</summary>
[TestClass]
public sealed class TokenTests
{
    private const string Everything = "{ name: all, cedar: 'permit(principal, action, resource);' }";
    private static readonly string Good = TokenVectors.Of("RS256").Token;

    [TestMethod]
    public async Task A_token_passes_where_the_route_wants_one()
    {
        await using var run = await Run.UpAsync();
        Assert.AreEqual(200, await run.StatusAsync("/jwt/1", Good));
        Assert.AreEqual(200, await run.StatusAsync("/jwt/2", Good));
        Assert.AreEqual(200, await run.StatusAsync("/both/1", Good));
        Assert.AreEqual(401, await run.StatusAsync("/keyed/1", Good), "The route accepts keys alone.");
        Assert.AreEqual(401, await run.StatusAsync("/acme/orders/1", Good), "A service without a written route wants a key.");
        Assert.AreEqual(401, await run.StatusAsync("/jwt/1", null));
        Assert.AreEqual(401, await run.StatusAsync("/jwt/1", TokenVectors.Of("aud of another").Token));
        Assert.AreEqual(1, run.Issuer.Seen.Count, "The keys were fetched once.");
        Assert.IsTrue(run.Upstream.Seen.All(s => !s.Headers.ContainsKey("Authorization")), "A token stays here.");
    }

    [TestMethod]
    public async Task An_expired_token_is_said_to_be_and_others_are_refused_in_the_same_words()
    {
        await using var run = await Run.UpAsync();
        using var expired = await run.GetAsync("/jwt/1", TokenVectors.Of("expired an hour ago").Token);
        Assert.AreEqual(401, (int)expired.StatusCode);
        Assert.Contains("urn:drizzle:credential-expired", await expired.Content.ReadAsStringAsync());
        Assert.AreEqual("Bearer error=\"invalid_token\", error_description=\"The token expired\"", expired.Headers.WwwAuthenticate.Single().ToString());
        foreach (var name in (string[])["aud of another", "alg none", "jwk in the header without kid", "RS256, flipped bit in the payload", "iss of another"])
        {
            using var answer = await run.GetAsync("/jwt/1", TokenVectors.Of(name).Token);
            Assert.Contains("\"The credential is not valid here.\"", await answer.Content.ReadAsStringAsync(), name);
        }
        Assert.IsEmpty(run.Upstream.Seen);
    }

    [TestMethod]
    [DataRow("""permit(principal == Subject::"idp/alice", action, resource);""", true)]
    [DataRow("""permit(principal == Subject::"idp/bob", action, resource);""", false)]
    [DataRow("""permit(principal in Role::"clerk", action, resource);""", true)]
    [DataRow("""permit(principal in Role::"admin", action, resource);""", false)]
    [DataRow("""permit(principal in Consumer::"mobile", action, resource);""", true)]
    [DataRow("""permit(principal in Consumer::"web", action, resource);""", false)]
    [DataRow("""permit(principal is Subject, action, resource) when { principal.scopes.contains("write") && principal.issuer == "idp" };""", true)]
    [DataRow("""permit(principal is Subject, action, resource) when { principal.scopes.contains("admin") };""", false)]
    [DataRow("""permit(principal is Subject, action, resource) when { principal.hasTag("rank") && principal.getTag("rank") == "gold" };""", true)]
    [DataRow("""permit(principal is Subject, action, resource) when { principal.hasTag("azp") && principal.getTag("azp") == "web" };""", false)]
    [DataRow("""permit(principal is Subject, action, resource) when { context.headers.hasTag("authorization") };""", false)]
    public async Task Policies_see_the_caller_as_the_token_has_it(string policy, bool isAllowed)
    {
        await using var run = await Run.UpAsync($"{{ name: p, cedar: '{policy}' }}");
        for (var i = 0; i < 2; i++) Assert.AreEqual(isAllowed ? 200 : 403, await run.StatusAsync("/jwt/1", Good));
        await run.Edge.ApplyAsync(run.Yaml(Everything));
        Assert.AreEqual(200, await run.StatusAsync("/jwt/1", Good), "A remembered token is judged by the policies in force.");
    }

    [TestMethod]
    public async Task Upstreams_are_told_claims_that_no_client_can_say()
    {
        await using var run = await Run.UpAsync();
        Assert.AreEqual(200, await run.StatusAsync("/jwt/1", Good, r => r.Headers.Add("X-User", "root")));
        Assert.AreEqual("alice", run.Upstream.Seen.Last().Headers["X-User"]);
        Assert.AreEqual("reader,clerk", run.Upstream.Seen.Last().Headers["X-Roles"]);
        var key = await run.Edge.AddKeyAsync("acme", "mobile");
        Assert.AreEqual(200, await run.Edge.StatusAsync("/keyed/1", key, r => r.Headers.Add("X-User", "root")));
        Assert.IsFalse(run.Upstream.Seen.Last().Headers.ContainsKey("X-User"), "Who comes with a key has none.");
        Assert.AreEqual(200, await run.Edge.StatusAsync("/keyed/1", key, r => r.Headers.Add("X_User", "root")));
        Assert.IsFalse(run.Upstream.Seen.Last().Headers.ContainsKey("X_User"), "Many servers would read it as the other.");
        Assert.AreEqual(200, await run.StatusAsync("/open/1", Good));
        Assert.IsFalse(run.Upstream.Seen.Last().Headers.ContainsKey("Authorization"), "A route that wants nothing is not told what is good elsewhere.");
        Assert.AreEqual(200, await run.StatusAsync("/open/1", TokenVectors.Of("iss of another").Token));
        Assert.IsTrue(run.Upstream.Seen.Last().Headers.ContainsKey("Authorization"), "What is of another issuer is the upstream's.");
        Assert.AreEqual(200, await run.Edge.StatusAsync("/open/1", null, r => r.Headers.Add("x-user", "root")));
        Assert.IsFalse(run.Upstream.Seen.Last().Headers.ContainsKey("X-User"));
        Assert.AreEqual(200, await run.StatusAsync("/passed/1", Good));
        Assert.AreEqual($"Bearer {Good}", run.Upstream.Seen.Last().Headers["Authorization"], "The route says that the token goes on.");
    }

    [TestMethod]
    public async Task Key_and_token_go_together_where_they_are_of_one_consumer()
    {
        await using var run = await Run.UpAsync("""{ name: p, cedar: 'permit(principal is Subject, action, resource);' }""");
        var mobile = await run.Edge.AddKeyAsync("acme", "mobile");
        var web = await run.Edge.AddKeyAsync("acme", "web");
        Assert.AreEqual(200, await run.Edge.StatusAsync("/both/1", mobile, r => r.Headers.Authorization = new("Bearer", Good)));
        Assert.AreEqual(401, await run.Edge.StatusAsync("/both/1", web, r => r.Headers.Authorization = new("Bearer", Good)));
        Assert.AreEqual(401, await run.Edge.StatusAsync("/both/1", mobile, r => r.Headers.Authorization = new("Bearer", "a.b.c")));
        Assert.AreEqual(401, await run.Edge.StatusAsync("/jwt/1", mobile, r => r.Headers.Authorization = new("Bearer", Good)), "The route accepts no key.");
        Assert.AreEqual(403, await run.Edge.StatusAsync("/both/1", mobile));
    }

    [TestMethod]
    public async Task The_callers_are_on_their_consumers_plan_and_limits_count_by_claims()
    {
        await using var run = await Run.UpAsync();
        var statuses = new List<int>();
        for (var i = 0; i < 4; i++) statuses.Add(await run.StatusAsync("/limited/1", Good));
        CollectionAssert.AreEqual(new[] { 200, 200, 429, 429 }, statuses, "The limit by claim:sub has two.");
        Assert.AreEqual(200, await run.StatusAsync("/limited/1", TokenVectors.Of("unicode claims").Token), "Another subject has a bucket of its own.");
        for (var i = 0; i < 2; i++) Assert.AreEqual(200, await run.StatusAsync("/jwt/1", Good));
        Assert.AreEqual(429, await run.StatusAsync("/jwt/1", Good), "The plan has five for the consumer.");
    }

    [TestMethod]
    public async Task A_token_that_names_no_consumer_of_the_tenant_is_refused()
    {
        await using var run = await Run.UpAsync(issuer: "consumerClaim: roles", removed: "consumer: mobile");
        Assert.AreEqual(401, await run.StatusAsync("/jwt/1", Good));
        await run.Edge.ApplyAsync(run.Yaml(Everything, "consumerClaim: azp", "consumer: mobile"));
        Assert.AreEqual(200, await run.StatusAsync("/jwt/1", Good));
        await run.Edge.ApplyAsync(run.Yaml(Everything, "consumerClaim: sub", "consumer: mobile"));
        Assert.AreEqual(401, await run.StatusAsync("/jwt/1", Good));
    }

    [TestMethod]
    public async Task What_is_open_ends_when_its_issuer_is_removed()
    {
        await using var run = await Run.UpAsync();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        run.Upstream.Answer = async http =>
        {
            await http.Response.WriteAsync("so far");
            await http.Response.Body.FlushAsync();
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        };
        using var open = await run.Edge.SendAsync(HttpMethod.Get, "/jwt/1", change: r => r.Headers.Authorization = new("Bearer", Good), completion: HttpCompletionOption.ResponseHeadersRead);
        await arrived.Task.Soon();
        var stored = await run.Edge.Engine.Store.ReadTenantAsync("acme", CancellationToken.None);
        Assert.IsNotNull(stored);
        await run.Edge.WriteAsync(stored.Document with { Tenant = stored.Document.Tenant with { Issuers = [] } });
        await Assert.ThrowsAsync<Exception>(() => open.Content.ReadAsStringAsync().Soon());
        Assert.AreEqual(401, await run.StatusAsync("/jwt/1", Good));
    }

    [TestMethod]
    public async Task An_issuer_whose_keys_were_never_had_is_said_to_be_out_of_reach()
    {
        await using var run = await Run.UpAsync();
        run.Issuer.Answer = http =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        using var answer = await run.GetAsync("/jwt/1", Good);
        Assert.AreEqual(503, (int)answer.StatusCode);
        Assert.IsNotNull(answer.Headers.RetryAfter);
        Assert.AreEqual(401, await run.StatusAsync("/jwt/1", TokenVectors.Of("alg none").Token), "What cannot be good is not waited for.");
    }

    [TestMethod]
    public async Task Explain_says_what_is_wrong_with_a_token_and_what_policies_make_of_a_good_one()
    {
        await using var run = await Run.UpAsync("""{ name: p, cedar: 'permit(principal == Subject::"idp/alice", action, resource);' }""");
        Assert.Contains("keys could not be fetched", (await run.ExplainAsync(Good)).Why, "Explaining fetches nothing.");
        Assert.IsEmpty(run.Issuer.Seen);
        Assert.AreEqual(200, await run.StatusAsync("/jwt/1", Good));
        var good = await run.ExplainAsync(Good);
        Assert.IsTrue(good.IsAccepted, good.Why);
        Assert.AreEqual("idp/alice", good.Caller);
        Assert.AreEqual("mobile", good.Consumer);
        Assert.Contains("aud", (await run.ExplainAsync(TokenVectors.Of("aud of another").Token)).Why);
        Assert.Contains("iss", (await run.ExplainAsync(TokenVectors.Of("iss of another").Token)).Why);
        Assert.Contains("algorithm", (await run.ExplainAsync(TokenVectors.Of("HS256 at an issuer of RS256").Token)).Why);

        var elsewhere = await Edge.Explaining.Explainer.Over(run.Edge.Engine, run.Clock).ExplainAsync("acme", Run.Asked(Good), isPlatformOwner: true, CancellationToken.None);
        Assert.AreEqual(ExplainOutcome.Forwarded, elsewhere?.Outcome);
        Assert.Contains("not checked here", elsewhere?.Credential?.Why ?? "");
    }

    private sealed class Run(RunningEdge edge, TestUpstream upstream, TestUpstream issuer, FakeClock clock) : IAsyncDisposable
    {
        public RunningEdge Edge { get; } = edge;

        public TestUpstream Upstream { get; } = upstream;

        public TestUpstream Issuer { get; } = issuer;

        public FakeClock Clock { get; } = clock;

        public static async Task<Run> UpAsync(string policies = Everything, string issuer = "", string removed = "\0")
        {
            var (upstream, keys, clock) = (await TestUpstream.StartAsync(), await TestUpstream.StartAsync(), TokenVectors.Clock());
            keys.Answer = http => http.Response.WriteAsync(TokenVectors.Jwks);
            return new(await RunningEdge.StartAsync(Yaml(upstream, keys, policies, issuer, removed), clock: clock), upstream, keys, clock);
        }

        public string Yaml(string policies, string issuer = "", string removed = "\0") => Yaml(Upstream, Issuer, policies, issuer, removed);

        public Task<HttpResponseMessage> GetAsync(string path, string? token, Action<HttpRequestMessage>? change = null) => Edge.GetAsync(path, change: r =>
        {
            if (token is not null) r.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            change?.Invoke(r);
        });

        public async Task<int> StatusAsync(string path, string? token, Action<HttpRequestMessage>? change = null)
        {
            using var answer = await GetAsync(path, token, change);
            return (int)answer.StatusCode;
        }

        public static ExplainRequest Asked(string token) => new() { Url = "http://127.0.0.1/jwt/1", Headers = new[] { new ExplainHeader { Name = "Authorization", Value = $"Bearer {token}" } }.ToValueList() };

        public async Task<ExplainedCredential> ExplainAsync(string token) =>
            (await Edge.Host.Explainer.ExplainAsync("acme", Asked(token), isPlatformOwner: true, CancellationToken.None))?.Credential ?? throw new InvalidOperationException("Nothing was explained.");

        public async ValueTask DisposeAsync()
        {
            await Edge.DisposeAsync();
            await Upstream.DisposeAsync();
            await Issuer.DisposeAsync();
        }

        private static string Yaml(TestUpstream upstream, TestUpstream keys, string policies, string issuer, string removed) => Gateway.NoAddressLimit + $$"""
            tenants:
              - slug: acme
                hosts: [127.0.0.1]
                policies: [{{policies}}]
                plans: [{ name: free, limits: [{ name: five, rate: 1/h, burst: 5 }] }]
                services: [{ slug: orders, destinations: [{ url: "{{upstream.Url}}" }] }]
                consumers: [{ name: mobile, plan: free }, { name: web }]
                issuers:
                  - name: idp
                    url: {{TokenVectors.IssuerUrl}}
                    audiences: [orders]
                    jwksUrl: {{keys.Url}}/keys
                    consumer: mobile
                    rolesClaim: roles
                    attributes: { rank: https://acme.example/tier }
                    headers: { X-User: sub, X-Roles: roles }
                    {{issuer}}
                routes:
                  - { name: jwt, service: orders, auth: [jwt], match: { paths: [/jwt/**] } }
                  - { name: both, service: orders, auth: [key, jwt], match: { paths: [/both/**] } }
                  - { name: keyed, service: orders, match: { paths: [/keyed/**] } }
                  - { name: open, service: orders, auth: [none], match: { paths: [/open/**] } }
                  - { name: passed, service: orders, auth: [jwt], forwardToken: true, match: { paths: [/passed/**] } }
                  - { name: limited, service: orders, auth: [jwt], limits: [{ name: each, rate: 1/h, burst: 2, by: ["claim:sub"] }], match: { paths: [/limited/**] } }
            """.Replace(removed, "", StringComparison.Ordinal);
    }
}
