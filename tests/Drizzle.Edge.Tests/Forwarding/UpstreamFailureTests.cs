using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Forwarding;

[TestClass]
public sealed class UpstreamFailureTests
{
    [TestMethod]
    public async Task An_upstream_that_refuses_is_502()
    {
        using var port = DeadPort.Refusing();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(port.Url));
        await AssertProblemAsync(edge, 502, "upstream-failed");
    }

    [TestMethod]
    public async Task An_upstream_that_never_answers_is_504_after_the_idle_timeout()
    {
        await using var upstream = RawUpstream.Silent();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, ", timeouts: { idle: 100ms }"));
        await AssertProblemAsync(edge, 504, "upstream-timeout");
    }

    [TestMethod]
    public async Task An_upstream_that_cannot_be_connected_to_in_time_is_504()
    {
        using var port = DeadPort.Hanging();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(port.Url, ", timeouts: { connect: 200ms, idle: 1m }"));
        var startedAt = Stopwatch.GetTimestamp();
        await AssertProblemAsync(edge, 504, "upstream-timeout");
        Assert.IsTrue(Stopwatch.GetElapsedTime(startedAt) < TimeSpan.FromSeconds(15), "The connect timeout of the service did not hold.");
    }

    [TestMethod]
    [DataRow("SSH-2.0-OpenSSH_9.6\r\n")]
    [DataRow("HTTP/1.1 abc\r\n\r\n")]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n")]
    [DataRow("HTTP/1.1 200 OK\r\nA b\r\n\r\n")]
    [DataRow("")]
    public async Task An_upstream_that_does_not_speak_HTTP_is_502(string garbage)
    {
        await using var upstream = RawUpstream.Saying(garbage);
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));
        await AssertProblemAsync(edge, 502, "upstream-failed");
    }

    [TestMethod]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")]
    [DataRow("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    public async Task An_upstream_that_breaks_off_gives_the_client_an_aborted_body_never_a_short_one(string answer)
    {
        await using var upstream = RawUpstream.Saying(answer);
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));
        await Assert.ThrowsAsync<HttpRequestException>(() => edge.GetAsync("/x"));
    }

    [TestMethod]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    public async Task Answers_that_break_off_count_against_the_destination(string answer)
    {
        await using var upstream = RawUpstream.Saying(answer);
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, ", health: { passive: { failureRate: 0.5 } }"));
        for (var i = 0; i < 10; i++) await Assert.ThrowsAsync<HttpRequestException>(() => edge.GetAsync("/x"));
        // The verdict on the tenth follows the end of its connection.
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                using var response = await edge.SendAsync(HttpMethod.Get, "/x", completion: HttpCompletionOption.ResponseHeadersRead);
                return (int)response.StatusCode == 503;
            }
            catch (HttpRequestException)
            {
                // The reset that ends the answer may come before its head is read.
                return false;
            }
        }, "the destination out");
    }

    [TestMethod]
    public async Task An_upstream_that_stalls_in_its_body_is_cut_off_after_the_idle_timeout()
    {
        await using var upstream = RawUpstream.Start(async (socket, cancellation) =>
        {
            await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"u8.ToArray(), cancellation);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        });
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url, ", timeouts: { idle: 200ms }"));
        using var response = await edge.SendAsync(HttpMethod.Get, "/x", completion: HttpCompletionOption.ResponseHeadersRead);
        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync().Soon());
    }

    private static async Task AssertProblemAsync(RunningEdge edge, int status, string kind)
    {
        using var answer = await edge.GetAsync("/x");
        Assert.AreEqual(status, (int)answer.StatusCode);
        Assert.AreEqual("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.AreEqual($"urn:drizzle:{kind}", problem.GetProperty("type").GetString());
        Assert.AreEqual("all", problem.GetProperty("route").GetString());
        Assert.AreEqual(answer.Headers.GetValues("X-Request-Id").Single(), problem.GetProperty("instance").GetString());
    }
}
