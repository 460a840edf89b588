using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests;

[TestClass]
public sealed class PipelineTests
{
    private static string Config(string upstream, string more = "") => $$"""
        platform: { addressLimit: { rate: 100000/s, burst: 100000 } }
        tenants:
          - slug: acme
            policies: [{ name: all, cedar: 'permit(principal, action, resource);' }]
            hosts: [api.acme.test]
            plans: [{ name: starter, limits: [{ name: per-minute, rate: 60/m, burst: 3 }] }]
            services: [{ slug: orders, destinations: [{ url: "{{upstream}}" }] }]
            consumers: [{ name: mobile, plan: starter }, { name: web }]
            routes:
              - { name: public, service: orders, auth: none, match: { paths: [/open/**] } }
              - { name: read-orders, service: orders, match: { hosts: [api.acme.test], paths: ["/api/orders/{id}"], methods: [GET] } }
        {{more}}
        """;

    [TestMethod]
    public async Task A_request_with_a_key_reaches_the_upstream_without_the_key()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Config(upstream.Url));
        var key = await edge.AddKeyAsync("acme", "mobile");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/acme/orders/7?x=1");
        request.Headers.Add("X-API-Key", key);
        using var answer = await edge.Client.SendAsync(request);

        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
        Assert.AreEqual("/7?x=1", await answer.Content.ReadAsStringAsync());
        var seen = upstream.Seen.Single();
        Assert.IsFalse(seen.Headers.ContainsKey("X-API-Key"));
        Assert.AreEqual("127.0.0.1", seen.Headers["X-Forwarded-For"]);
        Assert.AreEqual("/acme", seen.Headers["X-Forwarded-Prefix"]);
        Assert.AreEqual("\"per-minute\";q=3;w=3", answer.Headers.GetValues("RateLimit-Policy").Single());
        Assert.AreEqual("\"per-minute\";r=2;t=1", answer.Headers.GetValues("RateLimit").Single());
    }

    [TestMethod]
    public async Task The_fourth_request_of_a_burst_of_three_is_refused_with_429_and_the_other_consumer_is_not()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Config(upstream.Url), clock: new FakeClock());
        var key = await edge.AddKeyAsync("acme", "mobile");
        var other = await edge.AddKeyAsync("acme", "web");

        for (var i = 0; i < 3; i++) Assert.AreEqual(HttpStatusCode.OK, await StatusAsync(edge, "/acme/orders/1", key));
        using var refused = await SendAsync(edge, "/acme/orders/1", key);

        Assert.AreEqual(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.AreEqual("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.AreEqual("urn:drizzle:limit-exceeded", problem.GetProperty("type").GetString());
        Assert.AreEqual("per-minute", problem.GetProperty("limit").GetString());
        Assert.AreEqual("acme", problem.GetProperty("tenant").GetString());
        Assert.IsTrue(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.AreEqual(HttpStatusCode.OK, await StatusAsync(edge, "/acme/orders/1", other));
    }

    [TestMethod]
    [DataRow("/nobody/here", 404)]
    [DataRow("/acme/nothing", 404)]
    [DataRow("/acme/orders/1", 401)]
    [DataRow("/acme/open/1", 200)]
    public async Task Nothing_passes_that_is_not_stated(string path, int status)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Config(upstream.Url));
        using var answer = await edge.Client.GetAsync(path);
        Assert.AreEqual(status, (int)answer.StatusCode);
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningEdge edge, string path, string key)
    {
        using var answer = await SendAsync(edge, path, key);
        return answer.StatusCode;
    }

    private static Task<HttpResponseMessage> SendAsync(RunningEdge edge, string path, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-API-Key", key);
        return edge.Client.SendAsync(request);
    }
}
