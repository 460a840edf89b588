using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Requests;

/// <summary>What arrives over a raw socket. The edge and its upstream serve all rows: a row that harmed them would fail the next.</summary>
[TestClass]
public sealed class RequestHeadTests
{
    // More than the ten that passive health wants before it judges.
    private const int Times = 12;

    private static TestUpstream? s_upstream;
    private static RunningEdge? s_edge;

    private static TestUpstream Upstream => s_upstream ?? throw new InvalidOperationException("Not started.");

    private static RunningEdge Edge => s_edge ?? throw new InvalidOperationException("Not started.");

    [ClassInitialize]
    public static async Task StartAsync(TestContext _)
    {
        s_upstream = await TestUpstream.StartAsync();
        s_edge = await RunningEdge.StartAsync(
            Gateway.Open(
                Upstream.Url, ", hostHeader: original, maxBody: 1KiB, health: { passive: { failureRate: 0.05 } }",
                more: "      - { name: slashes, service: orders, auth: none, allowEncodedSlashes: true, match: { paths: [/slashes/**] } }"));
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await Edge.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    [TestMethod]
    // How long is the body?
    [DataRow("Content-Length with Transfer-Encoding", "POST /x HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n", 400)]
    [DataRow("Transfer-Encoding with Content-Length", "POST /x HTTP/1.1\nHost: 127.0.0.1\nTransfer-Encoding: chunked\nContent-Length: 5\n\n0\n\n", 400)]
    [DataRow("two lengths that differ", "POST /x HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 1\nContent-Length: 2\n\nab", 400)]
    [DataRow("two lengths that agree", "POST /x HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 1\nContent-Length: 1\n\na", 400)]
    [DataRow("a list of lengths", "POST /x HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 1, 1\n\na", 400)]
    [DataRow("a negative length", "POST /x HTTP/1.1\nHost: 127.0.0.1\nContent-Length: -1\n\na", 400)]
    [DataRow("a hexadecimal length", "POST /x HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 0x1\n\na", 400)]
    [DataRow("gzip, chunked", "POST /x HTTP/1.1\nHost: 127.0.0.1\nTransfer-Encoding: gzip, chunked\n\n0\n\n", 400)]
    [DataRow("chunked, chunked", "POST /x HTTP/1.1\nHost: 127.0.0.1\nTransfer-Encoding: chunked, chunked\n\n0\n\n", 400)]
    [DataRow("Transfer-Encoding twice", "POST /x HTTP/1.1\nHost: 127.0.0.1\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n0\n\n", 400)]
    [DataRow("Transfer-Encoding that is not chunked", "POST /x HTTP/1.1\nHost: 127.0.0.1\nTransfer-Encoding: identity\n\n", 400)]
    [DataRow("Transfer-Encoding on HTTP/1.0", "POST /x HTTP/1.0\nHost: 127.0.0.1\nTransfer-Encoding: chunked\n\n0\n\n", 400)]
    [DataRow("Transfer-Encoding with a vertical tab", "POST /x HTTP/1.1\nHost: 127.0.0.1\nTransfer-Encoding: \vchunked\n\n0\n\n", 400)]
    [DataRow("a chunk size that is no number", "POST /x HTTP/1.1\nHost: 127.0.0.1\nTransfer-Encoding: chunked\n\nzz\nab\n0\n\n", 400)]
    [DataRow("a chunk size past 64 bits", "POST /x HTTP/1.1\nHost: 127.0.0.1\nTransfer-Encoding: chunked\n\nFFFFFFFFFFFFFFFFF\na", 400)]
    [DataRow("a chunk longer than it says", "POST /x HTTP/1.1\nHost: 127.0.0.1\nTransfer-Encoding: chunked\n\n1\nabc\n0\n\n", 400)]
    [DataRow("a chunk extension with a bare line feed", "POST /x HTTP/1.1\nHost: 127.0.0.1\nTransfer-Encoding: chunked\n\n1;a=\\nb\na\n0\n\n", 400)]
    [DataRow("a chunked body above the limit", "POST /x HTTP/1.1\nHost: 127.0.0.1\nConnection: close\nTransfer-Encoding: chunked\n\n500\n{1280}\n0\n\n", 413)]
    [DataRow("a stated body above the limit", "POST /x HTTP/1.1\nHost: 127.0.0.1\nConnection: close\nContent-Length: 1280\n\n{1280}", 413)]
    // Lines and characters.
    [DataRow("a folded header", "GET /x HTTP/1.1\nHost: 127.0.0.1\nA: b\n c\n\n", 400)]
    [DataRow("a bare line feed after a header", "GET /x HTTP/1.1\nHost: 127.0.0.1\nA: b\\nC: d\n\n", 400)]
    [DataRow("a bare line feed after the request line", "GET /x HTTP/1.1\\nHost: 127.0.0.1\n\n", 400)]
    [DataRow("a bare carriage return", "GET /x HTTP/1.1\nHost: 127.0.0.1\nA: b\rc\n\n", 400)]
    [DataRow("NUL in a header", "GET /x HTTP/1.1\nHost: 127.0.0.1\nA: b\0c\n\n", 400)]
    [DataRow("a control byte in a header", "GET /x HTTP/1.1\nHost: 127.0.0.1\nA: b\u0001c\n\n", 400)]
    [DataRow("DEL in a header", "GET /x HTTP/1.1\nHost: 127.0.0.1\nA: b\u007fc\n\n", 400)]
    [DataRow("UTF-8 in a header", "GET /x HTTP/1.1\nHost: 127.0.0.1\nA: \u00c3\u00a9\n\n", 400)]
    [DataRow("Latin-1 in a header", "GET /x HTTP/1.1\nHost: 127.0.0.1\nA: \u00e9\n\n", 400)]
    [DataRow("a space before the colon", "GET /x HTTP/1.1\nHost: 127.0.0.1\nA : b\n\n", 400)]
    [DataRow("a header without a name", "GET /x HTTP/1.1\nHost: 127.0.0.1\n: b\n\n", 400)]
    [DataRow("a header without a colon", "GET /x HTTP/1.1\nHost: 127.0.0.1\nAb\n\n", 400)]
    [DataRow("a space at the start", " GET /x HTTP/1.1\nHost: 127.0.0.1\n\n", 400)]
    [DataRow("another protocol", "GET /x FTP/1.1\nHost: 127.0.0.1\n\n", 400)]
    [DataRow("another version", "GET /x HTTP/1.2\nHost: 127.0.0.1\n\n", 505)]
    [DataRow("many headers", "GET /x HTTP/1.1\nHost: 127.0.0.1\n{headers}\n", 431)]
    [DataRow("a large header", "GET /x HTTP/1.1\nHost: 127.0.0.1\nA: {40000}\n\n", 431)]
    [DataRow("a URL of 64 KB", "GET /{65536} HTTP/1.1\nHost: 127.0.0.1\n\n", 414)]
    // Target and method.
    [DataRow("absolute form with another host", "GET http://other.test/x HTTP/1.1\nHost: 127.0.0.1\n\n", 400)]
    [DataRow("absolute form with a user", "GET http://u@127.0.0.1/x HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("absolute form with https", "GET https://127.0.0.1/x HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("OPTIONS *", "OPTIONS * HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("a target without a slash", "GET x HTTP/1.1\nHost: 127.0.0.1\n\n", 405)]
    [DataRow("TRACE", "TRACE /x HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("CONNECT", "CONNECT 127.0.0.1:80 HTTP/1.1\nHost: 127.0.0.1:80\nConnection: close\n\n", 400)]
    [DataRow("a method in lower case", "get /x HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("a method in both cases", "Get /x HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    // Host.
    [DataRow("an empty Host", "GET /x HTTP/1.1\nHost:\nConnection: close\n\n", 400)]
    [DataRow("two Hosts", "GET /x HTTP/1.1\nHost: 127.0.0.1\nHost: 127.0.0.1\n\n", 400)]
    [DataRow("no Host", "GET /x HTTP/1.1\nConnection: close\n\n", 400)]
    [DataRow("no Host on HTTP/1.0", "GET /x HTTP/1.0\n\n", 400)]
    [DataRow("a Host with a path", "GET /x HTTP/1.1\nHost: 127.0.0.1/y\nConnection: close\n\n", 400)]
    [DataRow("a Host with a user", "GET /x HTTP/1.1\nHost: u@127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("a Host that is no name", "GET /x HTTP/1.1\nHost: a!b'c.wild.test\nConnection: close\n\n", 400)]
    [DataRow("a Host with a comma", "GET /x HTTP/1.1\nHost: a.wild.test,b.wild.test\nConnection: close\n\n", 400)]
    [DataRow("a Host with a port that is none", "GET /x HTTP/1.1\nHost: 127.0.0.1:80a\nConnection: close\n\n", 400)]
    // Path and query.
    [DataRow("an encoded NUL", "GET /a%00 HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("an encoded line end", "GET /a%0d%0a HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("an encoded slash", "GET /a%2fb HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("an encoded backslash", "GET /a%5cb HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("a backslash", "GET /a\\\\b HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("..;", "GET /a/..;/b HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("..%3B", "GET /a/..%3B/b HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("..%5c", "GET /a/..%5cb HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("an overlong slash", "GET /a%C0%AFb HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("half an encoding", "GET /a%2 HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("a byte that is not ASCII", "GET /\u00e9 HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("a fragment", "GET /a#b HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    [DataRow("a fragment in the query", "GET /a?b#c HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 400)]
    public async Task A_message_that_could_be_read_in_two_ways_is_refused_and_harms_nobody(string what, string message, int status)
    {
        Upstream.Seen.Clear();
        var bytes = Bytes(message.Contains("Connection:", StringComparison.Ordinal) ? message : message.Replace("Host:", "Connection: close\nHost:", StringComparison.Ordinal));

        var answers = await Task.WhenAll(Enumerable.Range(0, Times).Select(_ => RawClient.ExchangeAsync(Edge.Url, bytes)));

        foreach (var answer in answers) Assert.AreEqual(status, RawClient.StatusOf(answer), $"{what}: {answer}");
        Assert.IsEmpty(Upstream.Seen, what);
        Assert.AreEqual(200, await Edge.StatusAsync("/still/there"), $"{what} counted against the destination.");
    }

    [TestMethod]
    [DataRow("absolute form with the same host", "GET http://127.0.0.1/x?y=1 HTTP/1.1\nHost: 127.0.0.1\n", "/x?y=1")]
    [DataRow("absolute form without a path", "GET http://127.0.0.1?y=1 HTTP/1.1\nHost: 127.0.0.1\n", "/?y=1")]
    [DataRow("dot segments", "GET /a/../b HTTP/1.1\nHost: 127.0.0.1\n", "/b")]
    [DataRow("encoded dot segments", "GET /a/%2e%2E/b HTTP/1.1\nHost: 127.0.0.1\n", "/b")]
    [DataRow("dot segments past the root", "GET /../../b HTTP/1.1\nHost: 127.0.0.1\n", "/b")]
    [DataRow("double encoding", "GET /a/%252e%252e/%252f HTTP/1.1\nHost: 127.0.0.1\n", "/a/%252e%252e/%252f")]
    [DataRow("empty segments", "GET //a///b HTTP/1.1\nHost: 127.0.0.1\n", "/a/b")]
    [DataRow("encoded letters", "GET /%61%7E%c3%a9 HTTP/1.1\nHost: 127.0.0.1\n", "/a~%C3%A9")]
    [DataRow("characters that are encoded for the upstream", "GET /[a]|\" HTTP/1.1\nHost: 127.0.0.1\n", "/%5Ba%5D%7C%22")]
    [DataRow("a query that is left alone", "GET /a?b=%2f..%2f&c=a+b&d=//..;%00 HTTP/1.1\nHost: 127.0.0.1\n", "/a?b=%2f..%2f&c=a+b&d=//..;%00")]
    [DataRow("an encoded slash where the route allows it", "GET /slashes/a%2fb/..%3Bc%5cd HTTP/1.1\nHost: 127.0.0.1\n", "/slashes/a%2Fb/..%3Bc%5Cd")]
    [DataRow("a host with a dot at its end", "GET /x HTTP/1.1\nHost: api.acme.test.\n", "/x")]
    [DataRow("a host in upper case with a port", "GET /x HTTP/1.1\nHost: API.ACME.TEST:8080\n", "/x")]
    [DataRow("HTTP/1.0", "GET /x HTTP/1.0\nHost: 127.0.0.1\n", "/x")]
    [DataRow("Connection names no header name", "GET /x HTTP/1.0\nHost: 127.0.0.1\nConnection: a b, (c)\n", "/x")]
    [DataRow("Connection names Host", "GET /x HTTP/1.0\nHost: 127.0.0.1\nConnection: Host\n", "/x")]
    [DataRow("Connection names a header of the body", "GET /x HTTP/1.0\nHost: 127.0.0.1\nConnection: Content-Type\nContent-Type: a/b\n", "/x")]
    [DataRow("a method of one's own", "PURGE /x HTTP/1.1\nHost: 127.0.0.1\n", "/x")]
    public async Task A_message_with_one_meaning_reaches_the_upstream_in_one_form(string what, string message, string target)
    {
        Upstream.Seen.Clear();
        var answer = await RawClient.ExchangeAsync(Edge.Url, Bytes(message + (message.Contains("Connection:", StringComparison.Ordinal) ? "\n" : "Connection: close\n\n")));
        Assert.AreEqual(200, RawClient.StatusOf(answer), $"{what}: {answer}");
        Assert.AreEqual(target, Upstream.Seen.Single().Target, what);
    }

    [TestMethod]
    public async Task A_chunk_extension_is_dropped_and_its_chunk_kept()
    {
        Upstream.Seen.Clear();
        var answer = await RawClient.ExchangeAsync(Edge.Url, Bytes("POST /x HTTP/1.1\nHost: 127.0.0.1\nConnection: close\nTransfer-Encoding: chunked\n\n2;a=b\nhi\n0\n\n"));
        Assert.AreEqual(200, RawClient.StatusOf(answer), answer);
        Assert.AreEqual("hi", Upstream.Seen.Single().Body);
    }

    [TestMethod]
    public async Task A_body_that_ends_early_reaches_the_upstream_as_an_aborted_message_at_most()
    {
        Upstream.Seen.Clear();
        for (var i = 0; i < Times; i++)
        {
            using var client = await RawClient.ConnectAsync(Edge.Url);
            await client.SendAsync(Bytes("POST /x HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 100\n\nhalf"));
        }
        Assert.AreEqual(200, await Edge.StatusAsync("/still/there"));
        Assert.AreEqual("/still/there", Upstream.Seen.Single().Target);
    }

    [TestMethod]
    public async Task A_second_message_after_a_refused_one_is_never_read_from_its_body()
    {
        Upstream.Seen.Clear();
        var smuggled = "GET /smuggled HTTP/1.1\nHost: 127.0.0.1\n\n";
        var answer = await RawClient.ExchangeAsync(Edge.Url, Bytes($"POST /x HTTP/1.1\nHost: 127.0.0.1\nContent-Length: {smuggled.Length + 3}\nTransfer-Encoding: chunked\n\n0\n\n{smuggled}GET /end HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n"));
        Assert.AreEqual(400, RawClient.StatusOf(answer));
        Assert.IsFalse(Upstream.Seen.Any(s => s.Target == "/smuggled"), "The body's bytes became a request.");
    }

    /// <summary>A line feed in a row is a line end, the two characters \n a bare line feed, and a number in braces so many characters.</summary>
    private static string Bytes(string message)
    {
        var text = message.Replace("\n", "\r\n", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        text = text.Replace("{headers}", string.Concat(Enumerable.Range(0, 150).Select(i => $"A{i}: b\r\n")), StringComparison.Ordinal);
        foreach (var size in (int[])[1280, 40_000, 65_536]) text = text.Replace($"{{{size}}}", new string('a', size), StringComparison.Ordinal);
        return text;
    }
}
