using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Hosting;

/// <summary>An edge that is out of touch for longer than it may be stops serving, and goes on when it is back.</summary>
[TestClass]
public sealed class StalenessTests
{
    [TestMethod]
    public async Task Without_contact_it_stops_serving_and_with_contact_it_goes_on()
    {
        var clock = new FakeClock();
        using var folder = new TestFolder();
        await using var upstream = await TestUpstream.StartAsync();
        await using var engine = new CutOffEngine(await SqliteEngine.OpenAsync(folder.Path, clock, CancellationToken.None));
        await RunningEdge.ApplyAsync(engine, Gateway.Open(upstream.Url));
        await using var host = EdgeHost.Create(new EdgeOptions { Http = "http://127.0.0.1:0", Operations = "http://127.0.0.1:0", MaxStaleness = TimeSpan.FromSeconds(10) }, engine, clock);
        await host.StartAsync(CancellationToken.None);
        using var client = new HttpClient();
        Assert.AreEqual((200, 200), await StatusAsync());

        engine.IsCutOff = true;
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.AreEqual((200, 200), await StatusAsync(), "It may be without contact for this long.");
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.AreEqual((503, 503), await StatusAsync());

        engine.IsCutOff = false;
        // A change brings a heartbeat with it.
        await RunningEdge.ApplyAsync(engine, Gateway.Open(upstream.Url, more: "    timeZone: Europe/Berlin"));
        await Eventually.TrueAsync(async () => await StatusAsync() == (200, 200), "it serves again");
        await host.DrainAsync(CancellationToken.None);

        async Task<(int Gateway, int Readiness)> StatusAsync()
        {
            using var served = await client.GetAsync(new Uri(new Uri(host.GatewayAddresses.First()), "/x")).Soon();
            using var ready = await client.GetAsync(new Uri(new Uri(host.OperationsAddresses.First()), "/readyz")).Soon();
            return ((int)served.StatusCode, (int)ready.StatusCode);
        }
    }

    /// <summary>An engine whose registry can be made to be away.</summary>
    private sealed class CutOffEngine(IEngine inner) : WrappedEngine(inner), IEdgeRegistry
    {
        private readonly IEdgeRegistry _registry = inner.Edges;
        private volatile bool _isCutOff;

        public bool IsCutOff
        {
            set => _isCutOff = value;
        }

        public override IEdgeRegistry Edges => this;

        public ValueTask<ConfigPosition> ReportAsync(EdgeReport report, CancellationToken cancellation) => _isCutOff ? throw new EngineException("away") : _registry.ReportAsync(report, cancellation);

        public ValueTask<bool> ForgetAsync(string id, CancellationToken cancellation) => _registry.ForgetAsync(id, cancellation);

        public ValueTask<IReadOnlyList<EdgeStatus>> ListAsync(CancellationToken cancellation) => _registry.ListAsync(cancellation);

        public IAsyncEnumerable<IReadOnlyList<EdgeStatus>> WatchAsync(CancellationToken cancellation) => _registry.WatchAsync(cancellation);
    }
}
