namespace Drizzle.Contracts.Tests.Validation;

[TestClass]
public sealed class RouteRulesTests
{
    [TestMethod]
    [DataRow("name: r, service: nope, match: { paths: [/a] }", "service")]
    [DataRow("name: 'r/1', service: orders, match: { paths: [/a] }", "name")]
    [DataRow("name: r, service: orders, match: {}", "match.paths")]
    [DataRow("name: r, service: orders, match: { paths: [/a, b] }", "match.paths[1]")]
    [DataRow("name: r, service: orders, match: { paths: ['/**/a'] }", "match.paths[0]")]
    [DataRow("name: r, service: orders, match: { paths: [/a, /a/] }", "match.paths[1]")]
    [DataRow("name: r, service: orders, match: { paths: [/a], hosts: [other.test] }", "match.hosts[0]")]
    [DataRow("name: r, service: orders, match: { paths: [/a], hosts: [shop.test] }", "match.hosts[0]")]
    [DataRow("name: r, service: orders, match: { paths: [/a], hosts: ['*.acme.test'] }", "match.hosts[0]")]
    [DataRow("name: r, service: orders, match: { paths: [/a], hosts: [API.acme.test] }", "match.hosts[0]")]
    [DataRow("name: r, service: orders, match: { paths: [/a], methods: [GET, post] }", "match.methods[1]")]
    [DataRow("name: r, service: orders, match: { paths: [/a], methods: [TRACE] }", "match.methods[0]")]
    [DataRow("name: r, service: orders, match: { paths: [/a], methods: [CONNECT] }", "match.methods[0]")]
    [DataRow("name: r, service: orders, match: { paths: [/a], headers: [{ name: 'X A' }] }", "match.headers[0].name")]
    [DataRow("name: r, service: orders, match: { paths: [/a], query: [{ name: '' }] }", "match.query[0].name")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, auth: [none, key]", "auth")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, cost: 0", "cost")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, limits: [{ name: l, rate: 1/d, burst: 4000 }]", "limits[0].burst")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, cors: {}", "cors.origins")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, cors: { origins: ['*'], credentials: true }", "cors.origins")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, cors: { origins: ['https://a.test/'] }", "cors.origins[0]")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, cors: { origins: ['https://A.test'] }", "cors.origins[0]")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, cors: { origins: [a.test] }", "cors.origins[0]")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, cors: { origins: ['*'], headers: ['a b'] }", "cors.headers[0]")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, transforms: { stripPrefix: a }", "transforms.stripPrefix")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, transforms: { stripPrefix: /a/../b }", "transforms.stripPrefix")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, transforms: { stripPrefix: /a, rewritePath: /b }", "transforms.rewritePath")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, transforms: { rewritePath: b }", "transforms.rewritePath")]
    [DataRow("name: r, service: orders, match: { paths: ['/a/{id}'] }, transforms: { rewritePath: '/b/{other}' }", "transforms.rewritePath")]
    [DataRow("name: r, service: orders, match: { paths: ['/a/{id}', /b] }, transforms: { rewritePath: '/b/{id}' }", "transforms.rewritePath")]
    [DataRow("name: r, service: orders, match: { paths: ['/a/{id}'] }, transforms: { rewritePath: '/b/{**}' }", "transforms.rewritePath")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, transforms: { request: { remove: [X-A, connection] } }", "transforms.request.remove[1]")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, transforms: { request: { set: { Transfer-Encoding: chunked } } }", "transforms.request.set.Transfer-Encoding")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, transforms: { response: { add: { content-length: '0' } } }", "transforms.response.add.content-length")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, transforms: { request: { set: { Host: evil.test } } }", "transforms.request.set.Host")]
    [DataRow("name: r, service: orders, match: { paths: [/a] }, transforms: { request: { set: { X-A: \"a\\r\\nX-B: b\" } } }", "transforms.request.set.X-A")]
    public void What_is_wrong_with_a_route_is_found_where_it_is(string route, string path) =>
        CollectionAssert.AreEqual(new[] { $"routes[0].{path}" }, Tenants.Paths(("routes", $"[{{ {route} }}]")));

    [TestMethod]
    [DataRow("match: { paths: [/a], hosts: [api.acme.test, a.shop.test, '*.shop.test'] }")]
    [DataRow("match: { paths: [/a], methods: [GET, M-SEARCH] }")]
    [DataRow("match: { paths: ['/a/{id}/**', '/b/{id}/**'] }, transforms: { rewritePath: '/c/{id}/{**}' }")]
    [DataRow("match: { paths: [/a] }, cors: { origins: ['*'] }")]
    [DataRow("match: { paths: [/a] }, cors: { origins: ['https://a.test', 'http://localhost:3000'], credentials: true }")]
    [DataRow("match: { paths: [/a] }, auth: none")]
    [DataRow("match: { paths: [/a] }, transforms: { stripPrefix: /a, request: { set: { X-A: b } } }")]
    public void What_is_right_is_accepted(string route) =>
        Assert.IsEmpty(Tenants.Errors(("routes", $"[{{ name: r, service: orders, {route} }}]")));

    [TestMethod]
    [DataRow("paths: [/a]", "paths: [/a]")]
    [DataRow("paths: [/a]", "paths: [/a/]")]
    [DataRow("paths: [/A]", "paths: [/%41]")]
    [DataRow("paths: ['/a/{id}']", "paths: ['/a/{name}']")]
    [DataRow("paths: ['/a/{id}']", "paths: ['/a/*']")]
    [DataRow("paths: [/a], methods: [GET, POST]", "paths: [/a], methods: [POST, PUT]")]
    [DataRow("paths: [/a], hosts: [api.acme.test]", "paths: [/a], hosts: [x.shop.test, api.acme.test]")]
    [DataRow("paths: [/a], headers: [{ name: X-A, value: '1' }]", "paths: [/a], headers: [{ name: x-a, value: '1' }]")]
    [DataRow("paths: [/a], headers: [{ name: X-A, value: '1' }]", "paths: [/a], headers: [{ name: X-B, value: '2' }]")]
    [DataRow("paths: [/a], headers: [{ name: X-A, value: '1' }]", "paths: [/a], headers: [{ name: X-A }]")]
    [DataRow("paths: [/a], headers: [{ name: X-A }]", "paths: [/a], query: [{ name: q }]")]
    [DataRow("paths: [/a], query: [{ name: q, value: '1' }]", "paths: [/a], query: [{ name: Q, value: '2' }]")]
    public void Routes_between_which_nothing_decides_are_a_tie(string first, string second)
    {
        var errors = Tenants.Errors(("routes", Two(first, second)));
        CollectionAssert.AreEqual(new[] { "tenants[0].routes[1].match.paths[0]" }, errors.Select(e => e.Path).ToArray());
        StringAssert.Contains(errors[0].Message, "ties with route 'one'", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("paths: [/a]", "paths: [/b]")]
    [DataRow("paths: [/a]", "paths: [/A]")]
    [DataRow("paths: ['/a/{id}']", "paths: [/a/b]")]
    [DataRow("paths: ['/a/*']", "paths: ['/a/**']")]
    [DataRow("paths: [/a], methods: [GET]", "paths: [/a], methods: [POST]")]
    [DataRow("paths: [/a], methods: [GET]", "paths: [/a]")]
    [DataRow("paths: [/a], hosts: [a.shop.test]", "paths: [/a], hosts: ['*.shop.test']")]
    [DataRow("paths: [/a], hosts: [api.acme.test]", "paths: [/a]")]
    [DataRow("paths: [/a], headers: [{ name: X-A, value: '1' }]", "paths: [/a], headers: [{ name: x-a, value: '2' }]")]
    [DataRow("paths: [/a], query: [{ name: q, value: '1' }]", "paths: [/a], query: [{ name: q, value: '2' }]")]
    [DataRow("paths: [/a], headers: [{ name: X-A }]", "paths: [/a]")]
    [DataRow("paths: [/a]", "paths: [/a] }, priority: 1, transforms: {")]
    public void Routes_that_differ_in_what_decides_are_no_tie(string first, string second) =>
        Assert.IsEmpty(Tenants.Errors(("routes", Two(first, second))));

    [TestMethod]
    public void Names_of_routes_differ_by_more_than_case() =>
        CollectionAssert.AreEqual(new[] { "routes[1].name" }, Tenants.Paths(("routes", "[{ name: read, service: orders, match: { paths: [/a] } }, { name: Read, service: orders, match: { paths: [/b] } }]")));

    private static string Two(string first, string second) =>
        $"[{{ name: one, service: orders, match: {{ {first} }} }}, {{ name: two, service: orders, match: {{ {second} }} }}]";
}
