using System.Net.Http.Headers;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Forwarding;

[TestClass]
public sealed class HeaderTests
{
    [TestMethod]
    public async Task Headers_of_one_hop_and_those_that_Connection_names_stop_here_on_the_way_up()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));

        // Kestrel makes "close, X-Hop" into "close", so this names no word that Kestrel knows; HTTP/1.0 closes of itself.
        var answer = await RawClient.ExchangeAsync(
            edge.Url, "GET /x HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: X-Hop, X-Other-Hop\r\nX-Hop: 1\r\nx-other-hop: 2\r\nKeep-Alive: 5\r\nProxy-Connection: a\r\nTE: gzip\r\nProxy-Authorization: b\r\nX-Kept: 3\r\n\r\n");

        Assert.AreEqual(200, RawClient.StatusOf(answer));
        var seen = upstream.Seen.Single().Headers;
        foreach (var gone in (string[])["X-Hop", "X-Other-Hop", "Keep-Alive", "Proxy-Connection", "TE", "Proxy-Authorization"]) Assert.IsFalse(seen.ContainsKey(gone), $"{gone} in {string.Join('\n', seen)}");
        Assert.AreEqual("3", seen["X-Kept"]);
    }

    [TestMethod]
    public async Task Headers_of_one_hop_and_those_that_Connection_names_stop_here_on_the_way_down()
    {
        await using var upstream = RawUpstream.Saying("HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nProxy-Authenticate: a\r\nX-Kept: 3\r\nContent-Length: 2\r\n\r\nok");
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));
        using var answer = await edge.GetAsync("/x");
        Assert.AreEqual("ok", await answer.Content.ReadAsStringAsync());
        foreach (var gone in (string[])["X-Hop", "Keep-Alive", "Proxy-Authenticate"]) Assert.IsFalse(answer.Headers.Contains(gone), gone);
        Assert.AreEqual("3", answer.Headers.GetValues("X-Kept").Single());
    }

    [TestMethod]
    public async Task Credentials_that_are_not_ours_pass()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));
        Assert.AreEqual(200, await edge.StatusAsync("/x", change: r => r.Headers.Authorization = new("Basic", "dTpw")));
        Assert.AreEqual(200, await edge.StatusAsync("/x", change: r => r.Headers.Authorization = new("Bearer", "not.of.ours")));
        CollectionAssert.AreEqual((string[])["Basic dTpw", "Bearer not.of.ours"], upstream.Seen.Select(s => s.Headers["Authorization"]).ToArray());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_key_goes_upstream_only_where_the_route_says_so(bool isForwarded)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, route: isForwarded ? ", forwardKey: true" : "").Replace("auth: none", "auth: [key]", StringComparison.Ordinal));
        var key = await edge.AddKeyAsync("acme", "mobile");

        Assert.AreEqual(200, await edge.StatusAsync("/x", key));
        Assert.AreEqual(200, await edge.StatusAsync("/x", change: r => r.Headers.Authorization = new("Bearer", key)));

        Assert.AreEqual(isForwarded ? 2 : 0, upstream.Seen.Count(s => s.Headers.Any(h => h.Value.Contains(key, StringComparison.Ordinal))));
    }

    [TestMethod]
    public async Task A_key_among_several_authorizations_does_not_go_upstream_either()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));
        var answer = await RawClient.ExchangeAsync(edge.Url, "GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Basic dTpw\r\nAuthorization: Bearer drz_secret\r\n\r\n");
        Assert.AreEqual(200, RawClient.StatusOf(answer));
        Assert.IsFalse(upstream.Seen.Single().Headers.Any(h => h.Value.Contains("drz_secret", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Header_changes_apply_both_ways_to_headers_of_the_body_too()
    {
        await using var upstream = await TestUpstream.StartAsync();
        upstream.Answer = http =>
        {
            http.Response.ContentType = "text/html";
            http.Response.Headers["X-Powered-By"] = "old";
            http.Response.Headers["X-Many"] = "1";
            return Task.CompletedTask;
        };
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, route: """
            , transforms: { request: { remove: [X-Gone, Accept, Content-Language], set: { X-Set: "new", Content-Type: text/x }, add: { X-Many: "2", Content-Encoding: br } },
                            response: { remove: [X-Powered-By], set: { Content-Type: text/y }, add: { X-Many: "2" } } }
            """));

        using var answer = await edge.SendAsync(HttpMethod.Post, "/x", change: r =>
        {
            r.Headers.Add("X-Gone", "a");
            r.Headers.Add("X-Set", ["b", "c"]);
            r.Headers.Add("X-Many", "1");
            r.Headers.Add("Accept", "text/z");
            r.Content = new StringContent("body");
            r.Content.Headers.ContentLanguage.Add("de");
        });

        Assert.AreEqual(200, (int)answer.StatusCode);
        var seen = upstream.Seen.Single();
        Assert.AreEqual("body", seen.Body);
        foreach (var gone in (string[])["X-Gone", "Accept", "Content-Language"]) Assert.IsFalse(seen.Headers.ContainsKey(gone), gone);
        Assert.AreEqual("new", seen.Headers["X-Set"]);
        Assert.AreEqual("text/x", seen.Headers["Content-Type"]);
        Assert.AreEqual("br", seen.Headers["Content-Encoding"]);
        Assert.AreEqual("1, 2", seen.Headers["X-Many"].Replace(",2", ", 2", StringComparison.Ordinal));
        Assert.IsFalse(answer.Headers.Contains("X-Powered-By"));
        Assert.AreEqual("text/y", answer.Content.Headers.ContentType?.MediaType);
        CollectionAssert.AreEqual((string[])["1", "2"], answer.Headers.GetValues("X-Many").SelectMany(v => v.Split(", ")).ToArray());

        using var bodiless = await edge.GetAsync("/y", change: r => r.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/z")));
        Assert.AreEqual(200, (int)bodiless.StatusCode);
    }

    [TestMethod]
    public async Task The_upstream_sees_its_own_host_unless_the_service_keeps_the_original()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));
        Assert.AreEqual(200, await edge.StatusAsync("/x", change: r => r.Headers.Host = "api.acme.test"));
        await edge.ApplyAsync(Gateway.Open(upstream.Url, ", hostHeader: original"));
        Assert.AreEqual(200, await edge.StatusAsync("/x", change: r => r.Headers.Host = "api.acme.test"));
        CollectionAssert.AreEqual((string[])[new Uri(upstream.Url).Authority, "api.acme.test"], upstream.Seen.Select(s => s.Headers["Host"]).ToArray());
    }
}
