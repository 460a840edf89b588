using Drizzle.Admin.Live;
using Drizzle.Contracts.Traffic;
using Drizzle.Testing;

namespace Drizzle.Admin.Tests.Live;

[TestClass]
public sealed class TrafficWindowTests
{
    private readonly FakeClock _clock = new();
    private readonly TrafficWindow _window;
    private DateTimeOffset _edgeStartedAt = FakeClock.Start.AddHours(-1);

    public TrafficWindowTests() => _window = new TrafficWindow(_clock);

    [TestMethod]
    public void The_first_look_has_nothing_to_compare_with_and_the_next_ones_tell_the_difference()
    {
        Assert.AreEqual((0.0, 0.0), FiguresOf(_window.Next(Known(1000, old: true))));
        Assert.AreEqual((2.0, 10.0), FiguresOf(Later(1020)));
        Assert.AreEqual((4.0, 10.0), FiguresOf(Later(1040)));
        Assert.AreEqual((6.0, 6.67), FiguresOf(Later(1040)));
    }

    [TestMethod]
    public void It_goes_back_about_ten_seconds()
    {
        _window.Next(Known(0, old: true));
        for (var i = 1; i <= 20; i++) Later(100 * i);
        Assert.AreEqual((10.0, 50.0), FiguresOf(Later(2100)));
        for (var i = 0; i < 4; i++) Later(2100);
        Assert.AreEqual((10.0, 0.0), FiguresOf(Later(2100)));
    }

    [TestMethod]
    public void An_edge_that_starts_again_counts_from_nothing()
    {
        _window.Next(Known(1000, old: true));
        _edgeStartedAt = _clock.GetUtcNow().AddSeconds(1);
        Assert.AreEqual((2.0, 3.0), FiguresOf(Later(6, old: false)));
    }

    [TestMethod]
    public void A_route_that_had_been_forgotten_is_not_new_and_one_that_is_new_is()
    {
        _window.Next(KnownTraffic.None);
        Assert.AreEqual(0, Later(5000).PerSecond, "It had its first request an hour ago.");
        var fresh = Later(5000, extra: Route("fresh", 8, TimeSpan.FromSeconds(1)));
        Assert.AreEqual(2, fresh.PerSecond);
        Assert.AreEqual("fresh", fresh.Routes[0].Route);
    }

    [TestMethod]
    public void The_kinds_of_answers_and_the_durations_of_the_last_seconds_are_told()
    {
        _window.Next(new([Heard(new("orders", "all", 100, 10, 10, 10, [100], TimeSpan.FromHours(1), TimeSpan.Zero))], []));
        _clock.Advance(TimeSpan.FromSeconds(2));
        var view = _window.Next(new([Heard(new("orders", "all", 120, 12, 14, 16, [100, 0, 0, 0, 20], TimeSpan.FromHours(1), TimeSpan.Zero))], []));
        Assert.AreEqual((10.0, 1.0, 2.0, 3.0), (view.PerSecond, view.LimitedPerSecond, view.ClientErrorsPerSecond, view.ServerErrorsPerSecond));
        Assert.IsGreaterThan(Durations.StartOf(4).TotalMilliseconds, view.P50Ms ?? 0);
        Assert.AreEqual(1, view.Edges);
        Assert.AreEqual(120, Assert.ContainsSingle(view.Routes).Requests);
    }

    private TrafficView Later(long requests, bool old = true, RouteTraffic? extra = null)
    {
        _clock.Advance(TimeSpan.FromSeconds(2));
        return _window.Next(Known(requests, old, extra));
    }

    private KnownTraffic Known(long requests, bool old, RouteTraffic? extra = null)
    {
        var all = Heard(Route("all", requests, old ? TimeSpan.FromHours(1) : TimeSpan.Zero));
        return new(extra is null ? [all] : [all, Heard(extra)], []);
    }

    private Heard<RouteTraffic> Heard(RouteTraffic route) => new("edge-1", _edgeStartedAt, _clock.GetUtcNow(), route);

    private static RouteTraffic Route(string name, long requests, TimeSpan sinceFirst) => new("orders", name, requests, 0, 0, 0, [requests], sinceFirst, TimeSpan.Zero);

    private static (double Seconds, double PerSecond) FiguresOf(TrafficView view) => (view.Seconds, view.PerSecond);
}
