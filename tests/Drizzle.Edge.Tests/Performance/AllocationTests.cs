using System.Net;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace Drizzle.Edge.Tests.Performance;

/// <summary>What a request costs in memory, beside YARP as it comes.</summary>
[TestClass]
[DoNotParallelize]
public sealed class AllocationTests
{
    private const int WarmUp = 4000;
    private const int Rounds = 5;
    private const int Requests = 3000;
    private const int MostAttempts = 20;

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task The_whole_pipeline_allocates_no_more_per_request_than_bare_YARP()
    {
        await using var origin = new RawOrigin();
        var (bareRounds, drizzleRounds) = (new List<double>(), new List<double>());
        var (bare, drizzle) = (0.0, 0.0);
        // What waits for bytes that have not come yet, and goes on on another thread, allocates more than what finds them there. How often that is so
        // changes from round to round, so the round in the middle counts.
        for (var attempt = 0; attempt < 2 || (attempt < MostAttempts && drizzle > bare); attempt++)
        {
            bareRounds.AddRange(await MeasureBareAsync(origin));
            drizzleRounds.AddRange(await MeasureDrizzleAsync(origin));
            (bare, drizzle) = (Median(bareRounds), Median(drizzleRounds));
        }
        TestContext.WriteLine($"bytes per request: bare YARP {bare:F0}, Drizzle {drizzle:F0}");
        Assert.IsTrue(drizzle <= bare, $"Drizzle allocates {drizzle:F0} bytes per request, bare YARP {bare:F0}.");
    }

    private static async Task<double[]> MeasureDrizzleAsync(RawOrigin origin)
    {
        using var folder = new TestFolder();
        await using var edge = await RunningEdge.StartAsync($$"""
            platform: { addressLimit: { rate: 1000000/s, burst: 1000000 } }
            tenants:
              - slug: acme
                policies: [{ name: all, cedar: 'permit(principal, action, resource);' }]
                plans: [{ name: big, limits: [{ name: per-second, rate: 1000000/s, burst: 1000 }] }]
                services: [{ slug: orders, destinations: [{ url: "{{origin.Url}}" }] }]
                consumers: [{ name: mobile, plan: big }]
            """, new EdgeOptions { AccessLog = folder.File("access.log") });
        var key = await edge.AddKeyAsync("acme", "mobile");
        return await MeasureAsync(edge.Url.Port, $"GET /acme/orders/items/7 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: {key}");
    }

    private static async Task<double[]> MeasureBareAsync(RawOrigin origin)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "origin", Match = new RouteMatch { Path = "{**rest}" } }],
            [new ClusterConfig { ClusterId = "origin", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = origin.Url } } }]);
        await using var app = builder.Build();
        app.MapReverseProxy();
        await app.StartAsync();
        return await MeasureAsync(new Uri(app.Urls.First()).Port, "GET /acme/orders/items/7 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: drz_0123456789abcdef0123456789abcdef");
    }

    private static async Task<double[]> MeasureAsync(int port, string head)
    {
        using var client = new KeepAliveClient(head);
        await client.ConnectAsync(port);
        for (var i = 0; i < WarmUp; i++) Assert.AreEqual(200, await client.SendAsync());
        var rounds = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Requests; i++) await client.SendAsync();
            rounds[round] = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests;
        }
        return rounds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
