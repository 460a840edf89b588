using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Forwarding;

[TestClass]
public sealed class PathTests
{
    [TestMethod]
    [DataRow("/**", "", "/a/b?c=d", "/a/b?c=d")]
    [DataRow("/api/**", "stripPrefix: /api", "/api/orders/7", "/orders/7")]
    [DataRow("/api/**", "stripPrefix: /api", "/api", "/")]
    [DataRow("/**", "stripPrefix: /api", "/apiary/7", "/apiary/7")]
    [DataRow("/orders/{id}", "rewritePath: \"/v2/o/{id}\"", "/orders/7?x=1", "/v2/o/7?x=1")]
    [DataRow("/orders/{id}/items/{item}", "rewritePath: \"/i/{item}/of/{id}\"", "/orders/7/items/9", "/i/9/of/7")]
    [DataRow("/old/**", "rewritePath: \"/new/{**}\"", "/old/a/b%20c", "/new/a/b%20c")]
    [DataRow("/old/**", "rewritePath: \"/new/{**}\"", "/old", "/new/")]
    [DataRow("/x/{name}/**", "rewritePath: \"/{name}/{**}\"", "/x/y/a/b", "/y/a/b")]
    [DataRow("/x/**", "rewritePath: /fixed", "/x/anything", "/fixed")]
    [DataRow("/**", "query: { remove: [secret], set: { via: \"a b\", q: new } }", "/x?q=old&secret=1&keep=%2f&s%65cret=2", "/x?keep=%2f&via=a%20b&q=new")]
    [DataRow("/**", "query: { remove: [a] }", "/x?a=1", "/x")]
    public async Task Paths_and_queries_change_as_the_route_says(string pattern, string transform, string target, string expected)
    {
        await using var upstream = await TestUpstream.StartAsync();
        var config = Gateway.Open(upstream.Url, route: transform.Length == 0 ? "" : $", transforms: {{ {transform} }}").Replace("paths: [/**]", $"paths: [\"{pattern}\"]", StringComparison.Ordinal);
        await using var edge = await RunningEdge.StartAsync(config);
        Assert.AreEqual(200, await edge.StatusAsync(target));
        Assert.AreEqual(expected, upstream.Seen.Single().Target);
    }

    [TestMethod]
    public async Task A_path_of_the_destination_comes_before_the_requests()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url + "/base/"));
        Assert.AreEqual(200, await edge.StatusAsync("/x/../y"));
        Assert.AreEqual("/base/y", upstream.Seen.Single().Target);
    }
}
