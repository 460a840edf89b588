using System.Net;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Hosting;

[TestClass]
public sealed class PriorKnowledgeTests
{
    [TestMethod]
    public async Task One_plain_port_serves_HTTP_1_1_and_many_streams_of_HTTP_2()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));

        Assert.AreEqual(200, await edge.StatusAsync("/1"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => edge.GetAsync($"/{i}", change: Http2)));

        for (var i = 0; i < answers.Length; i++)
        {
            Assert.AreEqual(HttpVersion.Version20, answers[i].Version);
            Assert.AreEqual($"/{i}", await answers[i].Content.ReadAsStringAsync());
            answers[i].Dispose();
        }
    }

    [TestMethod]
    [DataRow("GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\nA: ", 408)]
    [DataRow("PRI * HTTP/2.0\r\n\r\nSM\r", 0)]
    [DataRow("P", 0)]
    [DataRow("", 0)]
    public async Task A_client_that_sends_its_head_too_slowly_is_cut_off(string start, int status)
    {
        await using var upstream = await TestUpstream.StartAsync();
        var options = new EdgeOptions { HeadTimeout = TimeSpan.FromMilliseconds(500), DrainTimeout = TimeSpan.FromSeconds(1) };
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url), options);
        using var client = await RawClient.ConnectAsync(edge.Url);

        var answer = client.ReadToEndAsync();
        foreach (var c in start) await client.SendAsync(c.ToString());
        // Once the start is sent, a byte now and then must not win more time; h2's preface has no room for more.
        while (start.EndsWith(' ') && !answer.IsCompleted)
        {
            await client.SendAsync("a");
            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
        }

        Assert.AreEqual(status, RawClient.StatusOf(await answer.Soon()));
        Assert.IsEmpty(upstream.Seen);
    }

    [TestMethod]
    public async Task A_preface_that_turns_out_to_be_none_is_read_as_HTTP_1_1()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));
        using var client = await RawClient.ConnectAsync(edge.Url);
        await client.SendAsync("P");
        await client.SendAsync("RI");
        await client.SendAsync(" /x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        Assert.AreEqual(200, RawClient.StatusOf(await client.ReadToEndAsync()));
        Assert.AreEqual("PRI", upstream.Seen.Single().Method);
    }

    private static void Http2(HttpRequestMessage request)
    {
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
    }
}
