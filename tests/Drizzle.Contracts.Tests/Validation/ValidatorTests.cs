using Drizzle.Contracts.Model;
using Drizzle.Contracts.Reading;
using Drizzle.Contracts.Tests.Reading;
using Drizzle.Contracts.Validation;

namespace Drizzle.Contracts.Tests.Validation;

[TestClass]
public sealed class ValidatorTests
{
    private const string Url = "destinations: [{ url: 'http://u.test' }]";

    [TestMethod]
    public void The_tenant_that_the_other_tests_spoil_is_fine() => Assert.IsEmpty(Tenants.Paths());

    [TestMethod]
    [DataRow("slug", "Acme", "slug")]
    [DataRow("slug", "''", "slug")]
    [DataRow("slug", "-a", "slug")]
    [DataRow("slug", "a_b", "slug")]
    [DataRow("slug", "a%2db", "slug")]
    [DataRow("slug", "platform", "slug")]
    [DataRow("slug", "a123456789012345678901234567890123456789012345678901234567890123", "slug")]
    [DataRow("timeZone", "Mars/Olympus", "timeZone")]
    [DataRow("timeZone", "../zoneinfo/Europe/Berlin", "timeZone")]
    [DataRow("timeZone", "/usr/share/zoneinfo/Europe/Berlin", "timeZone")]
    [DataRow("timeZone", "''", "timeZone")]
    [DataRow("hosts", "[Api.acme.test]", "hosts[0]")]
    [DataRow("hosts", "[a.test, a.test]", "hosts[1]")]
    [DataRow("hosts", "['a.test:80']", "hosts[0]")]
    [DataRow("hosts", "['*']", "hosts[0]")]
    [DataRow("limits", "[{ name: l, rate: 1/s, burst: 0 }]", "limits[0].burst")]
    [DataRow("limits", "[{ name: l, rate: 1/s, burst: -1 }]", "limits[0].burst")]
    [DataRow("limits", "[{ name: l, rate: 1/d, burst: 3651 }]", "limits[0].burst")]
    [DataRow("limits", "[{ name: l, rate: 1/s, burst: 9223372036854775807 }]", "limits[0].burst")]
    [DataRow("limits", "[{ name: l, rate: 1/s, burst: 1, by: [consumer, moon] }]", "limits[0].by[1]")]
    [DataRow("limits", "[{ name: l, rate: 1/s, burst: 1, by: ['header:'] }]", "limits[0].by[0]")]
    [DataRow("limits", "[{ name: l, rate: 1/s, burst: 1, by: ['header:a b'] }]", "limits[0].by[0]")]
    [DataRow("limits", "[{ name: l, rate: 1/s, burst: 1 }, { name: L, rate: 1/s, burst: 1 }]", "limits[1].name")]
    [DataRow("plans", "[{ name: a b }]", "plans[0].name")]
    [DataRow("plans", "[{ name: gold }, { name: Gold }]", "plans[1].name")]
    [DataRow("plans", "[{ name: p, quotas: [{ name: q, amount: 0, per: day }] }]", "plans[0].quotas[0].amount")]
    [DataRow("plans", "[{ name: p, quotas: [{ name: q, amount: 1, per: day, by: [x] }] }]", "plans[0].quotas[0].by[0]")]
    [DataRow("consumers", "[{ name: c, plan: none }]", "consumers[0].plan")]
    [DataRow("consumers", "[{ name: c, roles: [ok, 'a b'] }]", "consumers[0].roles[1]")]
    [DataRow("consumers", "[{ name: mobile }, { name: MOBILE }]", "consumers[1].name")]
    [DataRow("consumers", "[{ name: 'a%20b' }]", "consumers[0].name")]
    [DataRow("policies", "[{ name: p, cedar: '' }]", "policies[0].cedar")]
    [DataRow("policies", "[{ name: p, cedar: 'permit(principal, action, resource);' }, { name: P, cedar: 'permit(principal, action, resource);' }]", "policies[1].name")]
    [DataRow("issuers", "[{ name: i, url: id.test, audiences: [a] }]", "issuers[0].url")]
    [DataRow("issuers", "[{ name: i, url: 'ftp://id.test', audiences: [a] }]", "issuers[0].url")]
    [DataRow("issuers", "[{ name: i, url: 'http://id.test', audiences: [a] }]", "issuers[0].url")]
    [DataRow("issuers", "[{ name: i, url: 'https://id.test' }]", "issuers[0].audiences")]
    [DataRow("issuers", "[{ name: i, url: 'https://id.test', audiences: ['*', a] }]", "issuers[0].audiences")]
    [DataRow("issuers", "[{ name: i, url: 'https://id.test', audiences: [a] }, { name: j, url: 'https://id.test', audiences: [b] }]", "issuers[1].url")]
    [DataRow("issuers", "[{ name: i, url: x, jwksUrl: 'http://id.test/keys', audiences: [a] }]", "issuers[0].jwksUrl")]
    [DataRow("issuers", "[{ name: i, url: x, jwksUrl: 'https://me:pw@id.test/keys', audiences: [a] }]", "issuers[0].jwksUrl")]
    [DataRow("issuers", "[{ name: i, url: x, jwksUrl: 'file:///etc/passwd', audiences: [a] }]", "issuers[0].jwksUrl")]
    [DataRow("issuers", "[{ name: i, url: x, jwksUrl: 'https://id.test/k', secret: { fromEnv: S }, audiences: [a] }]", "issuers[0].secret")]
    [DataRow("issuers", "[{ name: i, url: x, secret: { value: short }, audiences: [a] }]", "issuers[0].secret.value")]
    [DataRow("issuers", "[{ name: i, url: x, secret: { value: 12345678901234567890123456789012 }, algorithms: [HS512], audiences: [a] }]", "issuers[0].secret.value")]
    [DataRow("issuers", "[{ name: i, url: 'https://id.test', algorithms: [HS256], audiences: [a] }]", "issuers[0].algorithms[0]")]
    [DataRow("issuers", "[{ name: i, url: 'https://id.test', algorithms: [RS256, none], audiences: [a] }]", "issuers[0].algorithms[1]")]
    [DataRow("issuers", "[{ name: i, url: x, secret: { fromEnv: S }, algorithms: [HS256, RS256], audiences: [a] }]", "issuers[0].algorithms[1]")]
    [DataRow("issuers", "[{ name: i, url: 'https://id.test', skew: 6m, audiences: [a] }]", "issuers[0].skew")]
    [DataRow("issuers", "[{ name: i, url: 'https://id.test', requiredClaims: [{ name: '' }], audiences: [a] }]", "issuers[0].requiredClaims")]
    [DataRow("issuers", "[{ name: i, url: 'https://id.test', consumer: nobody, audiences: [a] }]", "issuers[0].consumer")]
    [DataRow("issuers", "[{ name: i, url: 'https://id.test', rolesClaim: '', audiences: [a] }]", "issuers[0].rolesClaim")]
    [DataRow("issuers", "[{ name: i, url: 'https://id.test', headers: { Authorization: sub }, audiences: [a] }]", "issuers[0].headers")]
    [DataRow("issuers", "[{ name: i, url: 'https://id.test', headers: { 'X User': sub }, audiences: [a] }]", "issuers[0].headers")]
    [DataRow("consumers", "[{ name: c, certificates: [mobile.acme.test] }]", "consumers[0].certificates[0]")]
    [DataRow("consumers", "[{ name: c, certificates: ['subject:not a name'] }]", "consumers[0].certificates[0]")]
    [DataRow("consumers", "[{ name: c, certificates: ['dns:a.test'] }, { name: d, certificates: ['dns:A.test'] }]", "consumers[1].certificates[0]")]
    [DataRow("clientCertificates", "{ ca: nothing }", "clientCertificates.ca")]
    [DataRow("clientCertificates", "{ ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }", "clientCertificates.ca")]
    [DataRow("services", "[{ slug: Orders, " + Url + " }]", "services[0].slug")]
    [DataRow("services", "[{ slug: a, " + Url + " }, { slug: a, " + Url + " }]", "services[1].slug")]
    [DataRow("services", "[{ slug: s }]", "services[0].destinations")]
    [DataRow("services", "[{ slug: s, destinations: [{ url: u.test }] }]", "services[0].destinations[0].url")]
    [DataRow("services", "[{ slug: s, destinations: [{ url: 'ftp://u.test' }] }]", "services[0].destinations[0].url")]
    [DataRow("services", "[{ slug: s, destinations: [{ url: 'http://me:secret@u.test' }] }]", "services[0].destinations[0].url")]
    [DataRow("services", "[{ slug: s, destinations: [{ url: 'http://u.test?a=b' }] }]", "services[0].destinations[0].url")]
    [DataRow("services", "[{ slug: s, destinations: [{ url: 'http://u.test#a' }] }]", "services[0].destinations[0].url")]
    [DataRow("services", "[{ slug: s, destinations: [{ url: 'http://u.test' }, { url: 'HTTP://U.TEST/' }] }]", "services[0].destinations[1].url")]
    [DataRow("services", "[{ slug: s, destinations: [{ url: 'http://u.test', weight: 0 }] }]", "services[0].destinations[0].weight")]
    [DataRow("services", "[{ slug: s, destinations: [{ url: 'http://u.test', weight: 101 }] }]", "services[0].destinations[0].weight")]
    [DataRow("services", "[{ slug: s, " + Url + ", hashOn: header }]", "services[0].hashOn")]
    [DataRow("services", "[{ slug: s, " + Url + ", affinity: { cookie: 'a;b' } }]", "services[0].affinity.cookie")]
    [DataRow("services", "[{ slug: s, " + Url + ", keyHeader: 'X Key' }]", "services[0].keyHeader")]
    [DataRow("services", "[{ slug: s, " + Url + ", tls: { serverName: 'A.test' } }]", "services[0].tls.serverName")]
    [DataRow("services", "[{ slug: s, " + Url + ", health: { active: { path: up } } }]", "services[0].health.active.path")]
    [DataRow("services", "[{ slug: s, " + Url + ", health: { active: { interval: 99ms } } }]", "services[0].health.active.interval")]
    [DataRow("services", "[{ slug: s, " + Url + ", health: { active: { timeout: 0s } } }]", "services[0].health.active.timeout")]
    [DataRow("services", "[{ slug: s, " + Url + ", health: { active: { unhealthyAfter: 0 } } }]", "services[0].health.active.unhealthyAfter")]
    [DataRow("services", "[{ slug: s, " + Url + ", health: { passive: { failureRate: 0 } } }]", "services[0].health.passive.failureRate")]
    [DataRow("services", "[{ slug: s, " + Url + ", health: { passive: { failureRate: 1.1 } } }]", "services[0].health.passive.failureRate")]
    [DataRow("services", "[{ slug: s, " + Url + ", circuitBreaker: { failures: 0 } }]", "services[0].circuitBreaker.failures")]
    [DataRow("services", "[{ slug: s, " + Url + ", circuitBreaker: { openFor: 1ms } }]", "services[0].circuitBreaker.openFor")]
    [DataRow("services", "[{ slug: s, " + Url + ", retries: { attempts: 6 } }]", "services[0].retries.attempts")]
    [DataRow("services", "[{ slug: s, " + Url + ", retries: { onStatus: [502, 500] } }]", "services[0].retries.onStatus[1]")]
    [DataRow("services", "[{ slug: s, " + Url + ", timeouts: { connect: 1ms } }]", "services[0].timeouts.connect")]
    [DataRow("services", "[{ slug: s, " + Url + ", timeouts: { stream: 0s } }]", "services[0].timeouts.stream")]
    [DataRow("services", "[{ slug: s, " + Url + ", limits: [{ name: l, rate: 1/s, burst: 0 }] }]", "services[0].limits[0].burst")]
    public void What_is_wrong_with_a_tenant_is_found_where_it_is(string section, string yaml, string path) =>
        CollectionAssert.AreEqual(new[] { path }, Tenants.Paths((section, yaml)));

    [TestMethod]
    public void A_limit_that_takes_ten_years_to_fill_is_the_longest() =>
        Assert.IsEmpty(Tenants.Paths(("limits", "[{ name: l, rate: 1/d, burst: 3650 }]")));

    [TestMethod]
    [DataRow("[{ hosts: [b.test], redirect: true }]", "https[0].hosts[0]")]
    [DataRow("[{ port: 0 }]", "https[0].port")]
    [DataRow("[{ hsts: { maxAge: 3650d } }]", "https[0].hsts.maxAge")]
    [DataRow("[{ hsts: { maxAge: 365d, preload: true } }]", "https[0].hsts.preload")]
    [DataRow("[{ hsts: { maxAge: 30d, preload: true, includeSubDomains: true } }]", "https[0].hsts.preload")]
    [DataRow("[{ hosts: [a.test], redirect: true, port: 6443, hsts: { maxAge: 365d, preload: true, includeSubDomains: true } }]", null)]
    public void What_is_wrong_with_https_is_found_where_it_is(string yaml, string? path) =>
        CollectionAssert.AreEqual(path is null ? [] : new[] { path }, Tenants.Paths(("hosts", "[a.test]"), ("https", yaml)));

    [TestMethod]
    public void A_host_belongs_to_one_tenant_of_a_file()
    {
        var (_, errors) = Texts.Read("tenants: [{ slug: a, hosts: [x.test] }, { slug: b, hosts: [y.test, x.test] }]");
        CollectionAssert.AreEqual(new[] { "tenants[1].hosts[1]@1" }, Texts.Places(errors));
        StringAssert.Contains(errors[0].Message, "'a'", StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_tenant_stands_once_in_a_file()
    {
        var (_, errors) = Texts.Read("tenants:\n  - slug: a\n  - slug: a\n");
        CollectionAssert.AreEqual(new[] { "tenants[1].slug@3" }, Texts.Places(errors));
    }

    [TestMethod]
    [DataRow("{ trustedProxies: [10.0.0.0/8, nonsense] }", "platform.trustedProxies[1]")]
    [DataRow("{ allowedDestinations: [10.0.0.0/33] }", "platform.allowedDestinations[0]")]
    [DataRow("{ addressLimit: { rate: 1/s, burst: 0 } }", "platform.addressLimit.burst")]
    [DataRow("{ limits: [{ name: l, rate: 1/s, burst: 0 }] }", "platform.limits[0].burst")]
    [DataRow("{ certificates: [{ certFile: /c, keyFile: /k }] }", "platform.certificates[0].hosts")]
    [DataRow("{ certificates: [{ hosts: [a.test, a.test], certFile: /c, keyFile: /k }] }", "platform.certificates[0].hosts[1]")]
    [DataRow("{ certificates: [{ hosts: [a.test], certFile: '', keyFile: /k }] }", "platform.certificates[0].certFile")]
    public void What_is_wrong_with_the_platform_is_found_where_it_is(string yaml, string path)
    {
        var (_, errors) = Texts.Read($"platform: {yaml}");
        CollectionAssert.AreEqual(new[] { $"{path}@1" }, Texts.Places(errors));
    }

    [TestMethod]
    public void Errors_are_bounded_and_the_last_one_says_that_there_are_more()
    {
        var tenant = new Tenant { Slug = "acme", Hosts = [.. Enumerable.Range(0, 900).Select(i => $"Host{i}.test")] };
        var findings = new Findings(source: null);
        Validator.Check(tenant, "", findings);
        Assert.HasCount(ReadLimits.Errors + 1, findings.Errors);
        StringAssert.StartsWith(findings.Errors[^1].Message, "More errors follow", StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_message_shows_no_control_characters_and_no_endless_name()
    {
        var findings = new Findings(source: null);
        Validator.Check(new Tenant { Slug = "\u001b[2J" + new string('x', 10_000) }, "", findings);
        Assert.HasCount(1, findings.Errors);
        Assert.IsFalse(findings.Errors[0].Message.Any(char.IsControl));
        Assert.IsLessThan(300, findings.Errors[0].Message.Length);
    }
}
