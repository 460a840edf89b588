using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Tests.Access;

[TestClass]
public sealed class CorsTests
{
    private const string App = "https://app.acme.test";

    private static string Config(string url, string cors) =>
        Gateway.Open(url, route: $", cors: {{ {cors} }}").Replace("auth: none", "auth: [key]", StringComparison.Ordinal);

    [TestMethod]
    public async Task A_preflight_of_an_allowed_origin_is_answered_without_a_credential_and_without_the_upstream()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Config(upstream.Url, $"origins: [\"{App}\"], methods: [GET, PUT], credentials: true, maxAge: 1m"));
        using var answer = await PreflightAsync(edge, App);
        Assert.AreEqual(204, (int)answer.StatusCode);
        Assert.AreEqual(App, Header(answer, "Access-Control-Allow-Origin"));
        Assert.AreEqual("GET, PUT", Header(answer, "Access-Control-Allow-Methods"));
        Assert.AreEqual("x-asked", Header(answer, "Access-Control-Allow-Headers"));
        Assert.AreEqual("true", Header(answer, "Access-Control-Allow-Credentials"));
        Assert.AreEqual("60", Header(answer, "Access-Control-Max-Age"));
        Assert.AreEqual("Origin", Header(answer, "Vary"));
        Assert.IsEmpty(upstream.Seen);
    }

    [TestMethod]
    [DataRow("https://evil.test")]
    [DataRow("https://app.acme.test.evil.test")]
    [DataRow("http://app.acme.test")]
    [DataRow("null")]
    public async Task A_preflight_of_another_origin_gets_no_permission(string origin)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Config(upstream.Url, $"origins: [\"{App}\"], credentials: true"));
        using var answer = await PreflightAsync(edge, origin);
        Assert.IsFalse(answer.Headers.Any(h => h.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)));
        Assert.AreEqual("Origin", Header(answer, "Vary"));
        Assert.IsEmpty(upstream.Seen);
    }

    [TestMethod]
    public async Task What_the_upstream_says_of_origins_is_replaced_and_its_Vary_kept()
    {
        await using var upstream = await TestUpstream.StartAsync();
        upstream.Answer = http =>
        {
            http.Response.Headers.AccessControlAllowOrigin = "*";
            http.Response.Headers.AccessControlAllowCredentials = "true";
            http.Response.Headers.AccessControlExposeHeaders = "X-Secret";
            http.Response.Headers.Vary = "Accept";
            return Task.CompletedTask;
        };
        await using var edge = await RunningEdge.StartAsync(Config(upstream.Url, $"origins: [\"{App}\"], exposedHeaders: [X-Total]"));
        var key = await edge.AddKeyAsync("acme", "mobile");

        using var allowed = await edge.GetAsync("/x", key, r => r.Headers.Add("Origin", App));
        Assert.AreEqual(App, Header(allowed, "Access-Control-Allow-Origin"));
        Assert.AreEqual("X-Total", Header(allowed, "Access-Control-Expose-Headers"));
        Assert.IsFalse(allowed.Headers.Contains("Access-Control-Allow-Credentials"));
        CollectionAssert.AreEqual((string[])["Accept", "Origin"], allowed.Headers.Vary.ToArray());

        using var other = await edge.GetAsync("/x", key, r => r.Headers.Add("Origin", "https://evil.test"));
        Assert.IsFalse(other.Headers.Any(h => h.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)));
        CollectionAssert.AreEqual((string[])["Accept", "Origin"], other.Headers.Vary.ToArray());
    }

    [TestMethod]
    public async Task A_refusal_can_be_read_by_the_browser_that_caused_it()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Config(upstream.Url, $"origins: [\"{App}\"]"));
        using var answer = await edge.GetAsync("/x", change: r => r.Headers.Add("Origin", App));
        Assert.AreEqual(401, (int)answer.StatusCode);
        Assert.AreEqual(App, Header(answer, "Access-Control-Allow-Origin"));
    }

    [TestMethod]
    public async Task Any_origin_is_a_star_without_Vary()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Config(upstream.Url, "origins: [\"*\"]"));
        using var answer = await PreflightAsync(edge, "https://anyone.test");
        Assert.AreEqual("*", Header(answer, "Access-Control-Allow-Origin"));
        Assert.IsFalse(answer.Headers.Contains("Vary"));
    }

    [TestMethod]
    public async Task OPTIONS_that_is_no_preflight_wants_a_credential_like_any_other()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Config(upstream.Url, "origins: [\"*\"]"));
        using var answer = await edge.SendAsync(HttpMethod.Options, "/x");
        Assert.AreEqual(401, (int)answer.StatusCode);
    }

    private static Task<HttpResponseMessage> PreflightAsync(RunningEdge edge, string origin) => edge.SendAsync(HttpMethod.Options, "/x", change: r =>
    {
        r.Headers.Add("Origin", origin);
        r.Headers.Add("Access-Control-Request-Method", "PUT");
        r.Headers.Add("Access-Control-Request-Headers", "x-asked");
    });

    private static string Header(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.GetValues(name));
}
