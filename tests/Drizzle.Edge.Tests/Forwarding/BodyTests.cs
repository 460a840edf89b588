using System.Security.Cryptography;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Tests.Forwarding;

[TestClass]
public sealed class BodyTests
{
    [TestMethod]
    [DataRow(204)]
    [DataRow(304)]
    public async Task Answers_without_a_body_pass(int status)
    {
        await using var upstream = await TestUpstream.StartAsync();
        upstream.Answer = http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.ETag = "\"a\"";
            return Task.CompletedTask;
        };
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));
        for (var i = 0; i < 2; i++)
        {
            using var answer = await edge.GetAsync("/x");
            Assert.AreEqual(status, (int)answer.StatusCode);
            Assert.AreEqual("\"a\"", answer.Headers.ETag?.Tag);
            Assert.AreEqual("", await answer.Content.ReadAsStringAsync());
        }
    }

    [TestMethod]
    public async Task HEAD_has_the_length_of_the_body_and_no_body_and_the_connection_goes_on()
    {
        await using var upstream = await TestUpstream.StartAsync();
        upstream.Answer = http =>
        {
            http.Response.ContentLength = 5;
            return http.Request.Method == "HEAD" ? Task.CompletedTask : http.Response.WriteAsync("hello");
        };
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));
        using var head = await edge.SendAsync(HttpMethod.Head, "/x");
        Assert.AreEqual(5, head.Content.Headers.ContentLength);
        using var get = await edge.GetAsync("/x");
        Assert.AreEqual("hello", await get.Content.ReadAsStringAsync());
        using var missing = await edge.SendAsync(HttpMethod.Head, "/x", change: r => r.Headers.Host = "nobody.test");
        Assert.AreEqual(404, (int)missing.StatusCode);
    }

    [TestMethod]
    public async Task A_client_that_waits_for_100_continue_gets_it()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));
        using var client = await RawClient.ConnectAsync(edge.Url);
        await client.SendAsync("POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        Assert.AreEqual(100, RawClient.StatusOf(await client.ReadUntilAsync("\r\n\r\n")));
        await client.SendAsync("body");
        Assert.AreEqual(200, RawClient.StatusOf(await client.ReadToEndAsync()));
        Assert.AreEqual("body", upstream.Seen.Single().Body);
    }

    [TestMethod]
    public async Task A_refused_request_that_waits_for_100_continue_is_refused_before_its_body()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, ", maxBody: 1KiB"));
        using var client = await RawClient.ConnectAsync(edge.Url);
        await client.SendAsync("POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2000\r\nExpect: 100-continue\r\n\r\n");
        Assert.AreEqual(413, RawClient.StatusOf(await client.ReadUntilAsync("\r\n\r\n")));
        Assert.IsEmpty(upstream.Seen);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Twenty_mebibytes_pass_both_ways_where_the_service_has_no_limit(bool isChunked)
    {
        await using var upstream = await TestUpstream.StartAsync();
        // The kind tells the upstream to leave the body to its answer.
        upstream.Answer = async http =>
        {
            http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
            // All of it before the answer: HTTP/1.1 clients read no answer while they send.
            using var received = new MemoryStream();
            await http.Request.Body.CopyToAsync(received);
            if (!isChunked) http.Response.ContentLength = received.Length;
            await http.Response.Body.WriteAsync(received.GetBuffer().AsMemory(0, (int)received.Length));
        };
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, ", maxBody: 0B"));
        var body = RandomNumberGenerator.GetBytes(20 << 20);
        using var answer = await edge.SendAsync(HttpMethod.Post, "/x", change: r =>
        {
            r.Content = new ByteArrayContent(body);
            r.Content.Headers.ContentType = new("application/grpc");
            r.Headers.TransferEncodingChunked = isChunked;
        });
        Assert.AreEqual(200, (int)answer.StatusCode);
        Assert.AreEqual(Convert.ToHexString(SHA256.HashData(body)), Convert.ToHexString(SHA256.HashData(await answer.Content.ReadAsByteArrayAsync())));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_body_above_the_limit_of_its_route_is_413(bool isChunked)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, route: ", maxBody: 1KiB"));
        foreach (var (size, status) in new[] { (isChunked ? 1000 : 1024, 200), (1025, 413) })
        {
            using var answer = await edge.SendAsync(HttpMethod.Post, "/x", change: r =>
            {
                r.Content = new ByteArrayContent(new byte[size]);
                r.Headers.TransferEncodingChunked = isChunked;
            });
            Assert.AreEqual(status, (int)answer.StatusCode);
        }
        // Kestrel counts the framing of chunks as well.
        Assert.AreEqual(isChunked ? 1000 : 1024, upstream.Seen.Single().Body.Length);
    }
}
