using Drizzle.Contracts.Model;
using Drizzle.Contracts.Reading;

namespace Drizzle.Contracts.Tests.Reading;

[TestClass]
public sealed class ModelBinderTests
{
    [TestMethod]
    public void Every_error_of_form_is_reported_with_path_and_line()
    {
        var (file, errors) = Texts.Bind<ConfigurationFile>("""
            tenants:
              - slug: acme
                colour: blue
                name: A
                name: B
                hosts: { a: b }
                services:
                  - destinations: x
                routes:
                  - name: r
                    service: s
                    priority: high
                    forwardKey: yes
                    match: [/a]
                    limits: [{ name: l, rate: fast, burst: 1.5 }]
                    cors:
                      maxAge: soon
                    auth: password
                    maxBody: 10MB
                  - plain
                consumers:
                  - name: c
                    attributes: { a: 1, a: 2, b: [x] }
                    roles: [{ a: b }, [c]]
            """);
        Assert.IsNull(file);
        string[] expected =
        [
            "tenants[0].colour@3",
            "tenants[0].name@5",
            "tenants[0].hosts@6",
            "tenants[0].services[0].destinations@8",
            "tenants[0].services[0].slug@8",
            "tenants[0].routes[0].priority@12",
            "tenants[0].routes[0].forwardKey@13",
            "tenants[0].routes[0].match@14",
            "tenants[0].routes[0].limits[0].rate@15",
            "tenants[0].routes[0].limits[0].burst@15",
            "tenants[0].routes[0].cors.maxAge@17",
            "tenants[0].routes[0].auth@18",
            "tenants[0].routes[0].maxBody@19",
            "tenants[0].routes[1]@20",
            "tenants[0].consumers[0].attributes.a@23",
            "tenants[0].consumers[0].attributes.b@23",
            "tenants[0].consumers[0].roles[0]@24",
            "tenants[0].consumers[0].roles[1]@24",
        ];
        CollectionAssert.AreEqual(expected, Texts.Places(errors));
    }

    [TestMethod]
    [DataRow("slug: a\ncolour: blue", "colour", "No such field. Known here: slug, name,")]
    [DataRow("name: A", "slug", "Missing.")]
    [DataRow("slug: a\nname: A\nname: B", "name", "Stated twice.")]
    [DataRow("slug: [a]", "slug", "Expected text, found a list.")]
    [DataRow("slug: { a: b }", "slug", "Expected text, found fields.")]
    [DataRow("slug: a\nservices: x", "services", "Expected a list, found 'x'.")]
    [DataRow("slug: a\nservices: [~]", "services[0]", "found nothing.")]
    [DataRow("slug: a\nplans: [{ name: p, quotas: [{ name: q, amount: 1, per: year }] }]", "plans[0].quotas[0].per", "Expected one of minute, hour, day, month, found 'year'.")]
    [DataRow("slug: a\nplans: [{ name: p, quotas: [{ name: q, amount: many, per: day }] }]", "plans[0].quotas[0].amount", "Expected a whole number, found 'many'.")]
    [DataRow("slug: a\nservices: [{ slug: s, health: { passive: { failureRate: NaN } } }]", "services[0].health.passive.failureRate", "Expected a number, found 'NaN'.")]
    [DataRow("slug: a\nservices: [{ slug: s, timeouts: { idle: 5 } }]", "services[0].timeouts.idle", "Expected a duration such as")]
    [DataRow("- a", "", "Expected fields (slug, name,")]
    public void An_error_says_what_was_expected_and_what_was_found(string yaml, string path, string message)
    {
        var (tenant, errors) = Texts.Bind<Tenant>(yaml);
        Assert.IsNull(tenant);
        Assert.HasCount(1, errors);
        Assert.AreEqual(path, errors[0].Path);
        StringAssert.Contains(errors[0].Message, message, StringComparison.Ordinal);
    }

    [TestMethod]
    public void One_value_may_stand_where_a_list_of_values_is_wanted()
    {
        Assert.IsTrue(Route("auth: none").Auth == [AuthMethod.None]);
        Assert.IsTrue(Route("auth: key").Auth == [AuthMethod.Key]);
        Assert.IsTrue(Route("auth: [key, jwt]").Auth == [AuthMethod.Key, AuthMethod.Jwt]);
        Assert.IsTrue(Route("").Match.Paths == ["/a"]);
        Assert.IsTrue(Texts.Bind<Retries>("onStatus: 502").Value?.OnStatus == [502]);

        static Route Route(string more)
        {
            var (route, errors) = Texts.Bind<Route>($"name: r\nservice: s\nmatch: {{ paths: /a }}\n{more}");
            Assert.IsNotNull(route, string.Join("; ", errors));
            return route;
        }
    }

    [TestMethod]
    [DataRow("~")]
    [DataRow("null")]
    [DataRow("")]
    public void A_null_is_a_field_that_is_not_stated(string nothing)
    {
        var (tenant, errors) = Texts.Bind<Tenant>($"slug: a\nname: {nothing}\nhosts: {nothing}\nroutes: {nothing}");
        Assert.IsEmpty(errors);
        Assert.AreEqual(new Tenant { Slug = "a" }, tenant);
    }

    [TestMethod]
    [DataRow("slug: ~", "slug")]
    [DataRow("slug: null", "slug")]
    [DataRow("slug:", "slug")]
    [DataRow("slug: a\nhosts: [~]", "hosts[0]")]
    [DataRow("slug: a\npolicies: [{ name: p, cedar: null }]", "policies[0].cedar")]
    public void A_null_is_no_text(string yaml, string path)
    {
        var (tenant, errors) = Texts.Bind<Tenant>(yaml);
        Assert.IsNull(tenant);
        Assert.HasCount(1, errors);
        Assert.AreEqual(path, errors[0].Path);
        StringAssert.Contains(errors[0].Message, "found nothing", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Quoted_text_is_never_null()
    {
        Assert.AreEqual("null", Texts.Bind<Tenant>("slug: a\nname: 'null'").Value?.Name);
        Assert.AreEqual("", Texts.Bind<Tenant>("slug: a\nname: ''").Value?.Name);
    }

    [TestMethod]
    [DataRow("name: r\nservice: s\nmatch: {}\nforwardKey: 'true'", "forwardKey")]
    [DataRow("name: r\nservice: s\nmatch: {}\npriority: '3'", "priority")]
    [DataRow("name: r\nservice: s\nmatch: {}\nlimits: [{ name: l, rate: 1/s, burst: \"3\" }]", "limits[0].burst")]
    public void Quoted_text_is_no_number_and_no_truth_value(string yaml, string path)
    {
        var (route, errors) = Texts.Bind<Route>(yaml);
        Assert.IsNull(route);
        Assert.HasCount(1, errors);
        Assert.AreEqual(path, errors[0].Path);
    }

    [TestMethod]
    public void A_field_is_stated_twice_even_if_once_as_null()
    {
        var (_, errors) = Texts.Bind<Tenant>("slug: a\nname: A\nname: ~");
        CollectionAssert.AreEqual(new[] { "name@3" }, Texts.Places(errors));
    }

    [TestMethod]
    public void An_unknown_field_is_reported_at_its_own_line_and_not_where_its_value_begins()
    {
        var (_, errors) = Texts.Bind<Tenant>("slug: a\ncolour:\n  # dark\n  shade: blue\nname: A\nname:\n\n  - B");
        CollectionAssert.AreEqual(new[] { "colour@2", "name@6" }, Texts.Places(errors));
    }

    [TestMethod]
    public void Errors_are_bounded()
    {
        var (tenant, errors) = Texts.Bind<Tenant>("slug: a\n" + string.Concat(Enumerable.Range(0, 1_000).Select(i => $"unknown{i}: x\n")));
        Assert.IsNull(tenant);
        Assert.HasCount(ReadLimits.Errors, errors);
    }

    [TestMethod]
    public void A_faulty_record_is_refused_even_when_no_more_errors_are_taken()
    {
        var errors = Enumerable.Repeat(new ConfigError("", null, "Earlier."), ReadLimits.Errors).ToList();
        Assert.IsNull(ModelBinder.Bind<Tenant>(new ConfigMap([], 1), "", errors));
    }
}
