using System.Collections.Concurrent;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Traffic;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Engine.Sql;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Telemetry;

[TestClass]
public sealed class TrafficReporterTests
{
    private static readonly CancellationToken Ever = CancellationToken.None;

    [TestMethod]
    public async Task Requests_and_how_services_fare_are_told()
    {
        await using var origin = new RawOrigin();
        await using var edge = await RunningEdge.StartAsync(Configuration(origin.Url));
        for (var i = 0; i < 3; i++) Assert.AreEqual(200, await edge.StatusAsync("/acme/open/1"));
        for (var i = 0; i < 2; i++) Assert.AreEqual(503, await edge.StatusAsync("/acme/broken/1"), "The circuit opens at the first failure.");
        Assert.AreEqual(401, await edge.StatusAsync("/acme/orders/1"));

        var known = KnownTraffic.None;
        await Eventually.TrueAsync(async () => (known = await edge.Engine.Traffic.ReadAsync("acme", Ever)) is { Routes.Count: 3, Services.Count: 1 } && known.Services[0].What.Circuit == CircuitPosition.Open, "all is told");
        Assert.AreEqual((3L, 0L, 0L, 0L), CountsOf(known, "open"));
        Assert.AreEqual((2L, 0L, 0L, 2L), CountsOf(known, "broken"));
        Assert.AreEqual((1L, 0L, 1L, 0L), CountsOf(known, "orders"));
        Assert.AreEqual(3, known.Routes.Single(r => r.What.Route == "open").What.Durations.Sum());
        var health = Assert.ContainsSingle(known.Services).What;
        Assert.AreEqual(("dead", "http://127.0.0.1:9", 0), (health.Service, Assert.ContainsSingle(health.Destinations).Url, health.Destinations[0].InFlight));
    }

    [TestMethod]
    public async Task What_was_not_heard_is_told_again()
    {
        await using var origin = new RawOrigin();
        using var folder = new TestFolder();
        await using var inner = await SqliteEngine.OpenAsync(folder.Path, TimeProvider.System, Ever);
        await using var engine = new DeafEngine(inner);
        await RunningEdge.ApplyAsync(inner, Configuration(origin.Url));
        await using var edge = EdgeHost.Create(new EdgeOptions { Http = "http://127.0.0.1:0", Operations = "http://127.0.0.1:0" }, engine, TimeProvider.System);
        await edge.StartAsync(Ever);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"{edge.GatewayAddresses.First()}/acme/open/1")).Soon();
        Assert.AreEqual(200, (int)answer.StatusCode);

        await Eventually.TrueAsync(() => engine.Unheard.Any(r => r.Tenants.Any(t => t.Routes.Count > 0)), "it is told");
        engine.IsDeaf = false;
        await Eventually.TrueAsync(async () => (await inner.Traffic.ReadAsync("acme", Ever)).Routes.Any(r => r.What is { Route: "open", Requests: 1 }), "it is told again");
    }

    private static (long Requests, long Limited, long ClientErrors, long ServerErrors) CountsOf(KnownTraffic known, string route) =>
        known.Routes.Single(r => r.What.Route == route).What is var told ? (told.Requests, told.Limited, told.ClientErrors, told.ServerErrors) : default;

    private static string Configuration(string upstream) => $$"""
        platform: { addressLimit: { rate: 1000000/s, burst: 1000000 } }
        tenants:
          - slug: acme
            policies: [{ name: all, cedar: 'permit(principal, action, resource);' }]
            services:
              - { slug: orders, destinations: [{ url: "{{upstream}}" }] }
              - { slug: dead, destinations: [{ url: "http://127.0.0.1:9" }], circuitBreaker: { failures: 1 } }
            routes:
              - { name: open, service: orders, auth: none, match: { paths: ["/open/**"] } }
              - { name: broken, service: dead, auth: none, match: { paths: ["/broken/**"] } }
        """;

    /// <summary>An engine that hears nothing of traffic while it is deaf.</summary>
    private sealed class DeafEngine(IEngine inner) : WrappedEngine(inner), ITraffic
    {
        private readonly ITraffic _traffic = inner.Traffic;
        private volatile bool _isDeaf = true;

        public ConcurrentQueue<TrafficReport> Unheard { get; } = [];

        public bool IsDeaf
        {
            set => _isDeaf = value;
        }

        public override ITraffic Traffic => this;

        public ValueTask ReportAsync(TrafficReport report, CancellationToken cancellation)
        {
            if (!_isDeaf) return _traffic.ReportAsync(report, cancellation);
            Unheard.Enqueue(report);
            throw new EngineException("deaf");
        }

        public ValueTask<KnownTraffic> ReadAsync(string tenant, CancellationToken cancellation) => _traffic.ReadAsync(tenant, cancellation);

        public ValueTask ForgetAsync(string tenant, CancellationToken cancellation) => _traffic.ForgetAsync(tenant, cancellation);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
