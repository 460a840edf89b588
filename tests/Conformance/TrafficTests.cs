using Drizzle.Contracts.Traffic;

namespace Drizzle.Conformance;

public abstract class TrafficTests(IEngineFixture fixture) : EngineTests(fixture)
{
    private static readonly DateTimeOffset Started = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [TestMethod]
    public async Task What_edges_say_is_read_of_one_tenant_and_newer_words_take_the_place_of_older()
    {
        await Engine.Traffic.ReportAsync(Report("edge-1", Started, Tenant("acme", [Route("orders", "all", 3)], [Health(CircuitPosition.Closed)]), Tenant("other", [Route("orders", "all", 7)], [])), Stop);
        await Engine.Traffic.ReportAsync(Report("edge-2", Started, Tenant("acme", [Route("orders", "all", 5), Route("maps", "all", 1)], [])), Stop);
        Clock.Advance(TimeSpan.FromSeconds(2));
        await Engine.Traffic.ReportAsync(Report("edge-1", Started.AddHours(1), Tenant("acme", [Route("orders", "all", 4)], [Health(CircuitPosition.Open)])), Stop);

        var known = await Engine.Traffic.ReadAsync("acme", Stop);
        Assert.AreSequenceEqual(
            new[] { ("edge-1", Route("orders", "all", 4)), ("edge-2", Route("maps", "all", 1)), ("edge-2", Route("orders", "all", 5)) },
            known.Routes.Select(r => (r.Edge, r.What)).OrderBy(r => r.Edge, StringComparer.Ordinal).ThenBy(r => r.What.Service, StringComparer.Ordinal));
        var heard = known.Routes.Single(r => r.Edge == "edge-1");
        Assert.AreEqual(Started.AddHours(1), heard.StartedAt);
        Assert.AreEqual(TimeSpan.FromSeconds(2), heard.At - known.Routes.First(r => r.Edge == "edge-2").At);
        Assert.AreEqual(Health(CircuitPosition.Open), Assert.ContainsSingle(known.Services).What);
        Assert.IsEmpty((await Engine.Traffic.ReadAsync("nobody", Stop)).Routes);
    }

    [TestMethod]
    public async Task What_is_not_said_again_is_forgotten()
    {
        await Engine.Traffic.ReportAsync(Report("edge-1", Started, Tenant("acme", [Route("orders", "gone", 1), Route("orders", "all", 1)], [Health(null)])), Stop);
        Clock.Advance(KnownTraffic.KeptFor - TimeSpan.FromSeconds(1));
        await Engine.Traffic.ReportAsync(Report("edge-1", Started, Tenant("acme", [Route("orders", "all", 1)], [])), Stop);
        Assert.HasCount(2, (await Engine.Traffic.ReadAsync("acme", Stop)).Routes);
        Clock.Advance(TimeSpan.FromSeconds(1));
        var known = await Engine.Traffic.ReadAsync("acme", Stop);
        Assert.AreEqual("all", Assert.ContainsSingle(known.Routes).What.Route);
        Assert.IsEmpty(known.Services);
    }

    [TestMethod]
    public async Task Of_a_tenant_that_is_forgotten_nothing_is_left_and_nothing_late_is_taken()
    {
        await Engine.Traffic.ReportAsync(Report("edge-1", Started, Tenant("acme", [Route("orders", "all", 1)], [Health(null)]), Tenant("other", [Route("orders", "all", 1)], [])), Stop);
        await Engine.Traffic.ForgetAsync("acme", Stop);
        await Engine.Traffic.ReportAsync(Report("edge-1", Started, Tenant("acme", [Route("orders", "all", 1)], [Health(null)])), Stop);
        var known = await Engine.Traffic.ReadAsync("acme", Stop);
        Assert.IsEmpty(known.Routes);
        Assert.IsEmpty(known.Services);
        Assert.HasCount(1, (await Engine.Traffic.ReadAsync("other", Stop)).Routes);
        Clock.Advance(KnownTraffic.DeafFor + TimeSpan.FromSeconds(1));
        await Engine.Traffic.ReportAsync(Report("edge-1", Started, Tenant("acme", [Route("orders", "new", 1)], [])), Stop);
        Assert.AreEqual("new", Assert.ContainsSingle((await Engine.Traffic.ReadAsync("acme", Stop)).Routes).What.Route);
    }

    [TestMethod]
    public async Task Many_edges_may_report_at_once()
    {
        RouteTraffic[] routes = [.. Enumerable.Range(0, TrafficReport.MostEntries).Select(i => Route("orders", $"route-{i}", i + 1))];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(edge => Task.Run(async () =>
        {
            // Each in an order of its own.
            RouteTraffic[] mine = [.. routes.OrderBy(r => r.Requests * (edge + 7) % 101)];
            for (var round = 0; round < 3; round++) await Engine.Traffic.ReportAsync(Report($"edge-{edge}", Started, Tenant("acme", mine, [])), Stop);
        })));
        Assert.HasCount(8 * TrafficReport.MostEntries, (await Engine.Traffic.ReadAsync("acme", Stop)).Routes);
    }

    private static TrafficReport Report(string edge, DateTimeOffset startedAt, params TenantTraffic[] tenants) => new(edge, startedAt, [.. tenants]);

    private static TenantTraffic Tenant(string slug, RouteTraffic[] routes, ServiceHealth[] services) => new(slug, [.. routes], [.. services]);

    private static RouteTraffic Route(string service, string route, long requests) =>
        new(service, route, requests, 1, 2, 3, [0, requests, 5], TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(1));

    private static ServiceHealth Health(CircuitPosition? circuit) => new("orders", circuit, [new("http://10.0.0.1:8080", IsUp: true, 2), new("http://10.0.0.2:8080", IsUp: false, 0)]);
}
