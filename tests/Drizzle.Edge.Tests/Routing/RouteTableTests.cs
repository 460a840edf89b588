using Drizzle.Contracts.Model;
using Drizzle.Contracts.Routing;
using Drizzle.Contracts.Values;
using Drizzle.Edge.Forwarding;
using Drizzle.Edge.Routing;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Tests.Routing;

[TestClass]
public sealed class RouteTableTests
{
    [TestMethod]
    public void An_exact_host_beats_the_longest_wildcard_beats_a_shorter_one_beats_none()
    {
        var table = TableOf(
            Route("none", "/**"), Route("short", "/**", hosts: ["*.test"]), Route("long", "/**", hosts: ["*.acme.test"]), Route("exact", "/**", hosts: ["api.acme.test"]));
        Assert.AreEqual("exact", Find(table, "/a", host: "api.acme.test"));
        Assert.AreEqual("long", Find(table, "/a", host: "www.acme.test"));
        Assert.AreEqual("short", Find(table, "/a", host: "acme.test"));
        Assert.AreEqual("none", Find(table, "/a", host: "acme.example"));
    }

    [TestMethod]
    public void A_host_beats_a_path()
    {
        var table = TableOf(Route("path", "/a/b"), Route("host", "/**", hosts: ["api.acme.test"]));
        Assert.AreEqual("host", Find(table, "/a/b", host: "api.acme.test"));
    }

    [TestMethod]
    [DataRow("/a/b", "literal")]
    [DataRow("/a/c", "name")]
    [DataRow("/a/c/", "name")]
    [DataRow("/a/b/", "literal")]
    [DataRow("/a/b/c", "rest")]
    [DataRow("/a", "rest")]
    [DataRow("/a/", "rest")]
    [DataRow("/", "root")]
    [DataRow("/b", "all")]
    [DataRow("/A/b", "all")]
    public void A_literal_beats_a_name_beats_the_rest(string path, string expected) =>
        Assert.AreEqual(expected, Find(TableOf(Route("all", "/**"), Route("rest", "/a/**"), Route("name", "/a/{id}"), Route("literal", "/a/b"), Route("root", "/")), path));

    [TestMethod]
    public void A_literal_that_leads_nowhere_does_not_hide_a_name()
    {
        var table = TableOf(Route("literal", "/a/b/c"), Route("name", "/a/{id}/d"));
        Assert.AreEqual("name", Find(table, "/a/b/d"));
        Assert.IsNull(Find(table, "/a/b/e"));
    }

    [TestMethod]
    public void Priority_goes_before_everything()
    {
        var table = TableOf(Route("exact", "/a/b", hosts: ["api.acme.test"]), Route("prior", "/**") with { Priority = 1 });
        Assert.AreEqual("prior", Find(table, "/a/b", host: "api.acme.test"));
    }

    [TestMethod]
    public void A_method_beats_none_and_conditions_beat_fewer()
    {
        var table = TableOf(
            Route("any", "/a"),
            Route("get", "/a") with { Match = Match("/a") with { Methods = ["GET"] } },
            Route("header", "/a") with { Match = Match("/a") with { Methods = ["GET"], Headers = [new() { Name = "X-Beta", Value = "1" }] } },
            Route("both", "/a") with { Match = Match("/a") with { Methods = ["GET"], Headers = [new() { Name = "X-Beta", Value = "1" }], Query = [new() { Name = "v" }] } });
        Assert.AreEqual("any", Find(table, "/a", method: "POST"));
        Assert.AreEqual("get", Find(table, "/a"));
        Assert.AreEqual("get", Find(table, "/a", http: Http(header: "0")));
        Assert.AreEqual("header", Find(table, "/a", http: Http(header: "1")));
        Assert.AreEqual("both", Find(table, "/a", http: Http(header: "1", query: "?v=anything")));
        Assert.AreEqual("get", Find(table, "/a", http: Http(query: "?v=1")));
    }

    [TestMethod]
    public void Under_the_prefix_routes_with_hosts_do_not_match_and_implied_ones_do()
    {
        var builder = new RouteTableBuilder();
        builder.Add(Compile(Route("host", "/**", hosts: ["api.acme.test"])), Pattern("/**"));
        builder.Add(new CompiledRoute("orders", null, [], Orders(), [], [], RequestChanges.None, new("acme", "orders", "orders")), Pattern("/orders/**"));
        var table = builder.Build();
        Assert.AreEqual("host", Find(table, "/orders/1", host: "api.acme.test"));
        Assert.AreEqual("orders", table.Find("/orders/1", new MatchRequest("api.acme.test", IsUnderPrefix: true, "GET", null))?.Name);
        Assert.IsNull(table.Find("/other", new MatchRequest("api.acme.test", IsUnderPrefix: true, "GET", null)));
    }

    [TestMethod]
    public void What_nothing_else_decides_the_name_decides_whatever_the_order_written()
    {
        Route[] routes = [Route("b", "/{x}"), Route("a", "/{y}"), Route("c", "/*")];
        Assert.AreEqual("a", Find(TableOf(routes), "/q"));
        Array.Reverse(routes);
        Assert.AreEqual("a", Find(TableOf(routes), "/q"));
    }

    [TestMethod]
    public void The_table_finds_what_a_slow_and_obvious_matcher_finds()
    {
        string[] segments = ["a", "b", "c", "%2A"];
        string[] hosts = ["api.acme.test", "*.acme.test", "*.test", "x.y.acme.test"];
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var routes = Enumerable.Range(0, random.Next(1, 25)).Select(i => RandomRoute(random, $"r{i:d2}", segments, hosts)).ToArray();
            var table = TableOf(routes);
            for (var i = 0; i < 100; i++)
            {
                var path = "/" + string.Join('/', Enumerable.Range(0, random.Next(5)).Select(_ => segments[random.Next(segments.Length)])) + (random.Next(4) == 0 ? "/" : "");
                var host = ((string[])["api.acme.test", "x.acme.test", "x.y.acme.test", "other.test", "other"])[random.Next(5)];
                var method = random.Next(2) == 0 ? "GET" : "POST";
                var http = Http(random.Next(2) == 0 ? "1" : null, random.Next(2) == 0 ? "?v=1" : "");
                Assert.AreEqual(Slow(routes, path.Replace("//", "/", StringComparison.Ordinal), host, method, http), Find(table, path.Replace("//", "/", StringComparison.Ordinal), host, method, http), $"seed {seed}: {method} {host}{path}");
            }
        }
    }

    private static Route RandomRoute(Random random, string name, string[] segments, string[] hosts)
    {
        var parts = Enumerable.Range(0, random.Next(4)).Select(i => random.Next(3) == 0 ? $"{{p{i}}}" : segments[random.Next(segments.Length)]).ToList();
        if (random.Next(3) == 0) parts.Add("**");
        return new Route
        {
            Name = name,
            Service = "orders",
            Priority = random.Next(5) == 0 ? random.Next(3) : 0,
            Match = new RouteMatch
            {
                Paths = ["/" + string.Join('/', parts)],
                Hosts = random.Next(2) == 0 ? [] : [hosts[random.Next(hosts.Length)]],
                Methods = random.Next(3) == 0 ? ["GET"] : [],
                Headers = random.Next(4) == 0 ? [new() { Name = "X-Beta", Value = "1" }] : [],
                Query = random.Next(4) == 0 ? [new() { Name = "v" }] : [],
            },
        };
    }

    /// <summary>Every route that matches, in the order that the documentation states.</summary>
    private static string? Slow(Route[] routes, string path, string host, string method, HttpRequest http)
    {
        var wanted = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (from route in routes
                from at in route.Match.Hosts.Count == 0 ? (string?[])[null] : [.. route.Match.Hosts]
                let pattern = route.Match.Paths[0].Split('/', StringSplitOptions.RemoveEmptyEntries)
                where at is null || at == host || (at[0] == '*' && host.EndsWith(at[1..], StringComparison.Ordinal))
                where Covers(pattern, wanted)
                where route.Match.Methods.Count == 0 || route.Match.Methods.Contains(method)
                where route.Match.Headers.All(h => http.Headers[h.Name] == h.Value) && route.Match.Query.All(q => http.Query.ContainsKey(q.Name))
                orderby route.Priority descending,
                    at is null ? 2 : at[0] == '*' ? 1 : 0,
                    at?[0] == '*' ? -at.Length : 0,
                    ShapeOf(pattern),
                    route.Match.Methods.Count == 0 ? 1 : 0,
                    route.Match.Headers.Count + route.Match.Query.Count descending,
                    int.Parse(route.Name[1..])
                select route.Name).FirstOrDefault();
    }

    /// <summary>Segment by segment: the end is more specific than a literal, that than a name, that than the rest. As a number, so that no culture orders it.</summary>
    private static long ShapeOf(string[] pattern)
    {
        var shape = 0L;
        for (var i = 0; i < 8; i++) shape = (shape * 4) + (i >= pattern.Length ? 0 : pattern[i] == "**" ? 3 : pattern[i][0] == '{' ? 2 : 1);
        return shape;
    }

    private static bool Covers(string[] pattern, string[] path)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == "**") return true;
            if (i == path.Length || (pattern[i][0] != '{' && pattern[i] != path[i])) return false;
        }
        return pattern.Length == path.Length;
    }

    private static RouteMatch Match(string path) => new() { Paths = [path] };

    private static Route Route(string name, string path, ValueList<string> hosts = default) => new() { Name = name, Service = "orders", Match = new RouteMatch { Paths = [path], Hosts = hosts } };

    private static RouteTable TableOf(params Route[] routes)
    {
        var builder = new RouteTableBuilder();
        foreach (var route in routes) builder.Add(Compile(route), Pattern(route.Match.Paths[0]));
        return builder.Build();
    }

    private static CompiledRoute Compile(Route route) => new(route.Name, route, [], Orders(), [], [], RequestChanges.None, new("acme", "orders", route.Name));

    private static Upstream Orders() =>
        Drizzle.Edge.Upstreams.Upstream.Compile(new Service { Slug = "orders", Destinations = [new() { Url = "http://127.0.0.1:1" }] }, "acme/service:orders", null, new ClientPool(new GatewayState(), allowsLoopback: true), Drizzle.Edge.Secrets.SecretSource.Blind, 1, TimeProvider.System);

    private static PathPattern Pattern(string text) => PathPattern.Parse(text, out var error) ?? throw new ArgumentException(error);

    private static string? Find(RouteTable table, string path, string host = "other.example", string method = "GET", HttpRequest? http = null) =>
        table.Find(path, new MatchRequest(host, IsUnderPrefix: false, method, http ?? Http()))?.Name;

    private static HttpRequest Http(string? header = null, string query = "")
    {
        var http = new DefaultHttpContext();
        if (header is not null) http.Request.Headers["X-Beta"] = header;
        http.Request.QueryString = new QueryString(query);
        return http.Request;
    }
}
