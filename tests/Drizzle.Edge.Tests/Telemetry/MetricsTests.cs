using System.Diagnostics;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Telemetry;

/// <summary>Alone: a page shows the instruments of the whole process.</summary>
[TestClass]
[DoNotParallelize]
public sealed class MetricsTests
{
    private const string Key = "tenant=\"acme\",service=\"orders\",route=\"all\",method=\"GET\",code=\"200\"";

    [TestMethod]
    public async Task Promtool_accepts_the_page()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(
            upstream.Url, ", health: { passive: {} }, circuitBreaker: {}, limits: [{ name: l, rate: 1/h, burst: 1 }]", more: "      - { name: closed, service: orders, match: { paths: [/closed] } }"));
        await edge.StatusAsync("/x");
        await edge.StatusAsync("/x");
        await edge.StatusAsync("/closed");
        var (code, text) = await PromtoolAsync(await edge.OperationsAsync("/metrics"));
        Assert.AreEqual(0, code, text);
    }

    [TestMethod]
    public async Task OpenMetrics_is_given_to_who_asks_and_ends_with_EOF()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));
        await edge.StatusAsync("/x");
        var page = await edge.OperationsAsync("/metrics", "application/openmetrics-text; version=1.0.0");
        Assert.EndsWith("\n# EOF\n", page);
        Assert.Contains("# TYPE drizzle_requests counter\n", page);
        Assert.Contains("drizzle_requests_total{", page);
        Assert.DoesNotContain("# EOF", await edge.OperationsAsync("/metrics"));
    }

    [TestMethod]
    public async Task Each_request_is_counted_under_its_own_labels()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(
            upstream.Url, ", limits: [{ name: three, rate: 1/h, burst: 3 }]", more: "      - { name: closed, service: orders, match: { paths: [/closed] } }"), clock: new FakeClock());
        for (var i = 0; i < 3; i++) Assert.AreEqual(200, await edge.StatusAsync("/x"));
        Assert.AreEqual(429, await edge.StatusAsync("/x"));
        Assert.AreEqual(401, await edge.StatusAsync("/closed"));
        Assert.AreEqual(401, await edge.StatusAsync("/closed", "drz_unknown"));
        Assert.AreEqual(404, await edge.StatusAsync("/x", change: r => r.Headers.Host = "nobody.test"));
        Assert.AreEqual(401, await edge.StatusAsync("/acme/orders/x", change: r => r.Headers.Host = "localhost"));
        using (await edge.SendAsync(new HttpMethod("PURGE"), "/closed"))
        {
        }

        AssertSample(await edge.OperationsAsync("/metrics"), new()
        {
            [$"drizzle_requests_total{{{Key}}}"] = 3,
            [$"drizzle_requests_total{{{Key.Replace("200", "429", StringComparison.Ordinal)}}}"] = 1,
            ["drizzle_requests_total{tenant=\"acme\",service=\"orders\",route=\"closed\",method=\"GET\",code=\"401\"}"] = 2,
            ["drizzle_requests_total{tenant=\"acme\",service=\"orders\",route=\"closed\",method=\"other\",code=\"401\"}"] = 1,
            ["drizzle_requests_total{tenant=\"acme\",service=\"orders\",route=\"orders\",method=\"GET\",code=\"401\"}"] = 1,
            ["drizzle_requests_total{tenant=\"\",service=\"\",route=\"\",method=\"GET\",code=\"404\"}"] = 1,
            ["drizzle_limit_decisions_total{tenant=\"acme\",limit=\"three\",outcome=\"admitted\"}"] = 3,
            ["drizzle_limit_decisions_total{tenant=\"acme\",limit=\"three\",outcome=\"refused\"}"] = 1,
            ["drizzle_auth_failures_total{tenant=\"acme\",reason=\"missing\"}"] = 3,
            ["drizzle_auth_failures_total{tenant=\"acme\",reason=\"invalid\"}"] = 1,
            ["drizzle_request_duration_seconds_count{tenant=\"acme\",service=\"orders\",route=\"all\"}"] = 4,
            ["drizzle_upstream_duration_seconds_count{tenant=\"acme\",service=\"orders\",route=\"all\"}"] = 0,
        });
    }

    [TestMethod]
    public async Task Counters_go_on_across_an_edit()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));
        await edge.StatusAsync("/x");
        await edge.ApplyAsync(Gateway.Open(upstream.Url, ", maxBody: 1MiB", ", priority: 5"));
        await edge.StatusAsync("/x");
        AssertSample(await edge.OperationsAsync("/metrics"), new() { [$"drizzle_requests_total{{{Key}}}"] = 2 });
    }

    [TestMethod]
    public async Task A_route_that_has_a_services_name_is_counted_beside_the_service()
    {
        await using var upstream = await TestUpstream.StartAsync();
        var config = Gateway.Open(upstream.Url).Replace("name: all", "name: orders", StringComparison.Ordinal);
        await using var edge = await RunningEdge.StartAsync(config);
        Assert.AreEqual(200, await edge.StatusAsync("/x"));
        Assert.AreEqual(401, await edge.StatusAsync("/acme/orders/x", change: r => r.Headers.Host = "localhost"));
        await edge.ApplyAsync(config.Replace("slug: acme", "slug: acme\n    name: edited", StringComparison.Ordinal));
        Assert.AreEqual(401, await edge.StatusAsync("/acme/orders/x", change: r => r.Headers.Host = "localhost"));
        AssertSample(await edge.OperationsAsync("/metrics"), new()
        {
            [$"drizzle_requests_total{{{Key.Replace("all", "orders", StringComparison.Ordinal)}}}"] = 1,
            ["drizzle_requests_total{tenant=\"acme\",service=\"orders\",route=\"orders\",method=\"GET\",code=\"401\"}"] = 2,
        });
    }

    private static void AssertSample(string page, Dictionary<string, double> expected)
    {
        var samples = page.Split('\n').Where(l => l.Length > 0 && l[0] != '#').ToDictionary(l => l[..l.LastIndexOf(' ')], l => double.Parse(l[(l.LastIndexOf(' ') + 1)..]));
        foreach (var (name, value) in expected)
        {
            Assert.AreEqual(value, samples.GetValueOrDefault(name), $"{name}\n{page}");
        }
    }

    private static async Task<(int Code, string Text)> PromtoolAsync(string page)
    {
        var start = new ProcessStartInfo("promtool", "check metrics") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        try
        {
            using var promtool = Process.Start(start) ?? throw new InvalidOperationException("promtool did not start.");
            await promtool.StandardInput.WriteAsync(page);
            promtool.StandardInput.Close();
            var text = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
            await promtool.WaitForExitAsync().Soon();
            return (promtool.ExitCode, text);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new AssertFailedException("This test wants promtool, which judges the metrics page: apt-get install prometheus.", e);
        }
    }
}
