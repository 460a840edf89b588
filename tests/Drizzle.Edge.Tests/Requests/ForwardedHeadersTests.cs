using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Requests;

[TestClass]
public sealed class ForwardedHeadersTests
{
    private static readonly string ManyHops = string.Join(", ", Enumerable.Repeat("6.6.6.6", 60)) + ", 198.51.100.7";

    [TestMethod]
    public async Task What_strangers_say_of_the_client_is_replaced()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));
        Assert.AreEqual(200, await edge.StatusAsync("/x", change: r =>
        {
            foreach (var name in (string[])["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Forwarded-Port", "X-Real-IP", "Forwarded", "X-Request-Id"])
            {
                r.Headers.TryAddWithoutValidation(name, "for=6.6.6.6");
            }
        }));

        var headers = upstream.Seen.Single().Headers;
        Assert.AreEqual("127.0.0.1", headers["X-Forwarded-For"]);
        Assert.AreEqual("http", headers["X-Forwarded-Proto"]);
        Assert.AreEqual($"127.0.0.1:{edge.Url.Port}", headers["X-Forwarded-Host"]);
        Assert.AreEqual($"for=127.0.0.1;host=\"127.0.0.1:{edge.Url.Port}\";proto=http", headers["Forwarded"]);
        Assert.IsFalse(headers.Any(h => h.Value.Contains("6.6.6.6", StringComparison.Ordinal)));
        Assert.IsFalse(headers.ContainsKey("X-Real-IP"));
        Assert.IsFalse(headers.ContainsKey("X-Forwarded-Prefix"));
    }

    [TestMethod]
    [DataRow("X-Forwarded-For", "198.51.100.7", "198.51.100.7")]
    [DataRow("X-Forwarded-For", "6.6.6.6, 198.51.100.7", "198.51.100.7")]
    [DataRow("X-Forwarded-For", "6.6.6.6, 198.51.100.7, 10.1.2.3", "198.51.100.7")]
    [DataRow("X-Forwarded-For", "198.51.100.7:4711, 10.1.2.3:80", "198.51.100.7")]
    [DataRow("X-Forwarded-For", "10.9.9.9, 10.1.2.3", "10.9.9.9")]
    [DataRow("X-Forwarded-For", "2001:db8::7", "2001:db8::7")]
    [DataRow("X-Forwarded-For", "[2001:db8::7]:4711", "2001:db8::7")]
    [DataRow("X-Forwarded-For", "::ffff:198.51.100.7", "198.51.100.7")]
    [DataRow("X-Forwarded-For", "6.6.6.6, nonsense", "127.0.0.1")]
    [DataRow("X-Forwarded-For", "6.6.6.6, nonsense, 10.1.2.3", "10.1.2.3")]
    [DataRow("X-Forwarded-For", "many", "198.51.100.7")]
    [DataRow("Forwarded", "for=6.6.6.6, for=198.51.100.7;proto=https", "198.51.100.7")]
    [DataRow("Forwarded", "for=\"[2001:db8::7]:4711\";by=10.0.0.1, for=10.1.2.3", "2001:db8::7")]
    [DataRow("Forwarded", "For=198.51.100.7;host=a", "198.51.100.7")]
    [DataRow("Forwarded", "for=unknown", "127.0.0.1")]
    public async Task Behind_a_trusted_proxy_the_client_is_the_rightmost_hop_that_is_no_proxy(string header, string chain, string client)
    {
        await using var upstream = await TestUpstream.StartAsync();
        var config = Gateway.Open(upstream.Url).Replace("platform: {", "platform: { trustedProxies: [127.0.0.1, 10.0.0.0/8],", StringComparison.Ordinal);
        await using var edge = await RunningEdge.StartAsync(config);

        Assert.AreEqual(200, await edge.StatusAsync("/x", change: r => r.Headers.TryAddWithoutValidation(header, chain == "many" ? ManyHops : chain)));

        var seen = upstream.Seen.Single().Headers;
        Assert.AreEqual(client == "127.0.0.1" ? client : $"{client}, 127.0.0.1", seen["X-Forwarded-For"]);
        var node = client.Contains(':', StringComparison.Ordinal) ? $"\"[{client}]\"" : client;
        Assert.AreEqual($"for={node}", seen["Forwarded"].Split(';')[0]);
    }

    [TestMethod]
    public async Task A_trusted_proxy_says_which_scheme_the_client_used()
    {
        await using var upstream = await TestUpstream.StartAsync();
        var config = Gateway.Open(upstream.Url).Replace("platform: {", "platform: { trustedProxies: [127.0.0.1],", StringComparison.Ordinal);
        await using var edge = await RunningEdge.StartAsync(config);
        Assert.AreEqual(200, await edge.StatusAsync("/x", change: r => r.Headers.Add("X-Forwarded-Proto", "https")));
        Assert.AreEqual("https", upstream.Seen.Single().Headers["X-Forwarded-Proto"]);
    }
}
