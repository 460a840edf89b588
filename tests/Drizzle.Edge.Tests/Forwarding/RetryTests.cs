using Drizzle.Edge.Tests.Hosting;
using Drizzle.Edge.Upstreams;
using Drizzle.Testing;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Tests.Forwarding;

[TestClass]
public sealed class RetryTests
{
    [TestMethod]
    [DataRow("")]
    [DataRow(", loadBalancing: random")]
    [DataRow(", loadBalancing: leastRequests")]
    [DataRow(", loadBalancing: powerOfTwo")]
    [DataRow(", loadBalancing: consistentHash")]
    [DataRow(", affinity: {}")]
    public async Task An_idempotent_request_without_a_body_is_tried_again_on_another_destination(string balancing)
    {
        await using var upstream = await TestUpstream.StartAsync();
        using var port = DeadPort.Refusing();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open([port.Url, upstream.Url], balancing));
        for (var i = 0; i < 10; i++) Assert.AreEqual(200, await edge.StatusAsync("/x"));
        Assert.HasCount(10, upstream.Seen);
    }

    [TestMethod]
    [DataRow("POST", false)]
    [DataRow("PATCH", false)]
    [DataRow("PUT", true)]
    public async Task What_is_not_idempotent_or_has_a_body_is_sent_once(string method, bool hasBody)
    {
        await using var upstream = await TestUpstream.StartAsync();
        using var port = DeadPort.Refusing();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open([port.Url, upstream.Url]));
        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            using var answer = await edge.SendAsync(new HttpMethod(method), "/x", change: r => r.Content = hasBody ? new StringContent("a") : null);
            statuses.Add((int)answer.StatusCode);
        }
        CollectionAssert.AreEquivalent((int[])[502, 200, 502, 200], statuses);
    }

    [TestMethod]
    public async Task Stated_statuses_are_tried_again_and_the_headers_of_the_first_answer_are_gone()
    {
        await using var failing = await TestUpstream.StartAsync();
        failing.Answer = http =>
        {
            http.Response.StatusCode = 503;
            http.Response.Headers["X-From"] = "failing";
            return Task.CompletedTask;
        };
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open([failing.Url, upstream.Url], ", retries: { onStatus: [503] }"));
        for (var i = 0; i < 4; i++)
        {
            using var answer = await edge.GetAsync("/x");
            Assert.AreEqual(200, (int)answer.StatusCode);
            Assert.IsFalse(answer.Headers.Contains("X-From"));
        }
        Assert.HasCount(4, upstream.Seen);
        Assert.IsNotEmpty(failing.Seen);
    }

    [TestMethod]
    public async Task The_budget_bounds_retries_at_a_fifth_of_the_requests_beyond_the_first_ten()
    {
        await using var failing = await TestUpstream.StartAsync();
        failing.Answer = http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(failing.Url, ", retries: { attempts: 3, onStatus: [503] }"));
        for (var i = 0; i < 200; i++) Assert.IsTrue(await edge.StatusAsync("/x") >= 500);
        Assert.AreEqual(250, failing.Seen.Count, 1);
    }

    [TestMethod]
    public void A_quiet_budget_does_not_grow()
    {
        var budget = new RetryBudget();
        for (var i = 0; i < 1000; i++) budget.RequestStarted();
        Assert.AreEqual(10, Enumerable.Range(0, 100).Count(_ => budget.TryRetry()));
        for (var i = 0; i < 5; i++) budget.RequestStarted();
        Assert.IsTrue(budget.TryRetry());
        Assert.IsFalse(budget.TryRetry());
    }
}
