namespace Drizzle.Contracts.Tests.Validation;

[TestClass]
public sealed class PolicyRulesTests
{
    [TestMethod]
    [DataRow("permit(principal, action, resource) when { principal.name == \"x\" };", "no attribute 'name'")]
    [DataRow("permit(principal == User::\"ann\", action, resource);", "There is no entity type 'User'")]
    [DataRow("permit(principal, action == Action::\"fly\", resource);", "There is no action Action::\"fly\"")]
    [DataRow("permit(principal, action == Action::\"read\", resource);", "No action of the schema applies")]
    [DataRow("permit(principal in Service::\"orders\", action, resource);", "No action of the schema applies")]
    [DataRow("permit(principal, action, resource) when { context.ip == \"127.0.0.1\" };", "line 1, column 44: ipaddr and String do not go together.")]
    [DataRow("permit(principal, action, resource) when { principal in Role::\"a\" && context.headers.getTag(\"x\") == \"y\" };", "hasTag")]
    [DataRow("permit(principal, action, resource) when { context.ip.isInRange(ip(\"10.0.0.0/40\")) };", "is no ip")]
    [DataRow("permit(principal, action, resource) when { true };\n\npermit(principal, action resource);", "line 3, column 26: Expected ',', found 'resource'.")]
    [DataRow("permit(principal in Role::\"a\" action, resource);", "line 1, column 31")]
    [DataRow("permit(principal, action, resource) when { context.now > 5 };", "compares two numbers, two datetimes")]
    [DataRow("forbid(principal, action, resource) when { principal is Anonymous && principal is Key };", "can never apply")]
    [DataRow("// nothing", "There is no policy in the text.")]
    public void A_policy_that_could_not_work_is_refused_with_its_place(string cedar, string says)
    {
        var errors = Tenants.Errors(("policies", $"[{{ name: p, cedar: {System.Text.Json.JsonSerializer.Serialize(cedar)} }}]"));
        var texts = string.Join('\n', errors.Select(e => $"{e.Path} {e.Message}"));
        StringAssert.Contains(texts, says);
        StringAssert.Contains(texts, "tenants[0].policies[0].cedar");
    }

    [TestMethod]
    [DataRow("cedar: 'permit(principal in ?principal, action, resource);'", "policies[0].links")]
    [DataRow("cedar: 'permit(principal in ?principal, action, resource);', links: [{ resource: 'Service::\"orders\"' }]", "policies[0].links")]
    [DataRow("cedar: 'permit(principal in ?principal, action, resource);', links: [{ principal: mobile }]", "policies[0].links")]
    [DataRow("cedar: 'permit(principal, action, resource);', links: [{ principal: 'Role::\"a\"' }]", "policies[0].links")]
    [DataRow("cedar: 'permit(principal in ?principal, action, resource); permit(principal == ?principal, action, resource); permit(principal == ?principal, action, resource in Service::\"a\");', links: [LINKS]", "policies[0].links")]
    public void Templates_want_links_that_fit(string policy, string path) => CollectionAssert.Contains(
        Tenants.Paths(("policies", $"[{{ name: p, {policy.Replace("LINKS", string.Join(", ", Enumerable.Repeat("{ principal: 'Role::\"a\"' }", 900)), StringComparison.Ordinal)} }}]")), path);

    [TestMethod]
    public void What_a_tenant_has_of_policies_is_bounded()
    {
        var many = string.Join(", ", Enumerable.Range(0, 3).Select(i => $"{{ name: p{i}, cedar: '{string.Concat(Enumerable.Repeat("permit(principal, action, resource);", 700))}' }}"));
        CollectionAssert.Contains(Tenants.Paths(("policies", $"[{many}]")), "policies");
        var tests = string.Join(", ", Enumerable.Repeat("{ request: GET orders, expect: deny }", 1001));
        CollectionAssert.Contains(Tenants.Paths(("policies", $"[{{ name: p, cedar: 'permit(principal, action, resource);', tests: [{tests}] }}]")), "policies");
    }

    [TestMethod]
    [DataRow("{ request: GET orders, consumer: mobile, expect: allow }", null)]
    [DataRow("{ request: GET by-id, consumer: mobile, expect: allow }", null)]
    [DataRow("{ request: POST orders, consumer: mobile, expect: deny }", null)]
    [DataRow("{ request: GET orders, expect: deny }", null)]
    [DataRow("{ request: GET orders, consumer: mobile, address: 10.1.1.1, expect: deny }", null)]
    [DataRow("{ request: GET orders, consumer: mobile, headers: { x-debug: '1' }, expect: deny }", null)]
    [DataRow("{ request: GET orders, consumer: mobile, at: '2030-01-01T00:00:00Z', expect: deny }", null)]
    [DataRow("{ request: GET orders, at: tomorrow, expect: deny }", "'tomorrow' is not a time")]
    [DataRow("{ request: GET orders, expect: allow }", "'orders' wants a credential: name a consumer, a token or a certificate.")]
    [DataRow("{ request: GET open, expect: allow }", "Expected allow, but the request is permitted by no policy.")]
    [DataRow("{ request: GET open, consumer: mobile, expect: deny }", "wants no credential, so nobody is known on it")]
    [DataRow("{ request: GET orders, consumer: mobile, headers: { X-Debug: '1', authorization: b }, expect: deny }", null)]
    [DataRow("{ request: GET orders, consumer: mobile, expect: deny }", "Expected deny, but the request is permitted by p.")]
    [DataRow("{ request: GET orders, consumer: mobile, address: 10.1.1.1, expect: allow }", "Expected allow, but the request is forbidden by p.")]
    [DataRow("{ request: GET nowhere, expect: deny }", "There is no route and no service 'nowhere'.")]
    [DataRow("{ request: GET orders, consumer: nobody, expect: deny }", "There is no consumer 'nobody'.")]
    [DataRow("{ request: orders, expect: deny }", "a method and the name of a route")]
    public void Tests_of_a_policy_are_run_when_it_is_stored(string test, string? failure)
    {
        const string cedar = "permit(principal in Role::\"reader\", action in Action::\"read\", resource); forbid(principal, action, resource) when { context.ip.isInRange(ip(\"10.0.0.0/8\")) || context.headers.hasTag(\"x-debug\") || context.now > datetime(\"2029-01-01\") };";
        var errors = Tenants.Errors(
            ("consumers", "[{ name: mobile, roles: [reader] }]"), ("routes", "[{ name: by-id, service: orders, match: { paths: ['/orders/{id}'] } }, { name: open, service: orders, auth: none, match: { paths: ['/open'] } }]"),
            ("policies", $"[{{ name: p, cedar: {System.Text.Json.JsonSerializer.Serialize(cedar)}, tests: [{test}] }}]"));
        if (failure is null) Assert.IsEmpty(errors, string.Join('\n', errors.Select(e => e.Message)));
        else StringAssert.Contains(errors.Single(e => e.Path == "tenants[0].policies[0].tests[0]").Message, failure);
    }

    [TestMethod]
    [DataRow("{ request: GET any, consumer: mobile, scopes: [orders.read], expect: allow }", null)]
    [DataRow("{ request: GET any, consumer: mobile, expect: allow }", "permitted by no policy")]
    [DataRow("{ request: GET any, token: { issuer: idp, subject: alice }, expect: allow }", null)]
    [DataRow("{ request: GET any, token: { issuer: idp, subject: bob }, expect: deny }", null)]
    [DataRow("{ request: GET any, token: { issuer: idp, subject: bob, claims: { tier: gold } }, expect: allow }", null)]
    [DataRow("{ request: GET any, token: { issuer: idp, subject: bob, roles: [clerk] }, expect: allow }", null)]
    [DataRow("{ request: GET any, token: { issuer: other, subject: bob }, expect: deny }", "There is no issuer 'other'.")]
    [DataRow("{ request: GET any, certificate: ['uri:spiffe://acme/ship'], expect: allow }", null)]
    [DataRow("{ request: GET any, certificate: ['dns:mobile.acme.test'], expect: allow }", null)]
    [DataRow("{ request: GET any, certificate: ['dns:web.acme.test'], expect: deny }", null)]
    [DataRow("{ request: GET any, certificate: ['dns:MOBILE.acme.test'], expect: allow }", null)]
    [DataRow("{ request: GET any, consumer: mobile, certificate: ['dns:mobile.acme.test'], expect: deny }", null)]
    [DataRow("{ request: GET any, token: { issuer: known, subject: x }, expect: allow }", null)]
    [DataRow("{ request: GET keyed, token: { issuer: idp, subject: alice }, expect: deny }", "takes no token")]
    [DataRow("{ request: GET jwt, consumer: mobile, expect: deny }", "takes no key")]
    [DataRow("{ request: GET keyed, certificate: ['dns:mobile.acme.test'], expect: deny }", "takes no certificate")]
    public void Tests_know_scopes_tokens_and_certificates(string test, string? failure)
    {
        const string cedar = """
            permit(principal is Key, action, resource) when { principal.scopes.contains("orders.read") };
            permit(principal == Subject::"idp/alice", action, resource);
            permit(principal in Role::"clerk", action, resource);
            permit(principal is Subject, action, resource) when { principal.hasTag("tier") && principal.getTag("tier") == "gold" };
            permit(principal == Certificate::"uri:spiffe://acme/ship", action, resource) when { context.mtls };
            permit(principal is Certificate, action, resource) when { principal in Consumer::"mobile" };
            permit(principal is Subject, action, resource) when { principal in Consumer::"mobile" };
            """;
        var errors = Tenants.Errors(
            ("consumers", "[{ name: mobile, certificates: ['dns:mobile.acme.test'] }]"), ("services", "[{ slug: orders, destinations: [{ url: http://u.test }] }]"),
            ("issuers", "[{ name: idp, url: https://id.test, audiences: [a] }, { name: known, url: https://known.test, audiences: [a], consumer: mobile }]"),
            ("routes", "[{ name: any, service: orders, auth: [key, jwt, mtls], match: { paths: [/any] } }, { name: keyed, service: orders, match: { paths: [/keyed] } }, { name: jwt, service: orders, auth: [jwt], match: { paths: [/jwt] } }]"),
            ("policies", $"[{{ name: p, cedar: {System.Text.Json.JsonSerializer.Serialize(cedar)}, tests: [{test}] }}]"));
        if (failure is null) Assert.IsEmpty(errors, string.Join('\n', errors.Select(e => e.Message)));
        else StringAssert.Contains(errors.Single(e => e.Path == "tenants[0].policies[0].tests[0]").Message, failure);
    }
}
