using Drizzle.Contracts.Ports;
using Drizzle.Testing;

namespace Drizzle.Conformance;

/// <summary>What is known of edges as time goes by.</summary>
public abstract class EdgeRegistryTests(IEngineFixture fixture) : EngineTests(fixture)
{
    private IEdgeRegistry Edges => Engine.Edges;

    [TestMethod]
    public async Task Edges_are_listed_by_id_as_last_heard()
    {
        Assert.IsEmpty(await Edges.ListAsync(Stop));
        var position = await Engine.Store.PositionAsync(Stop);
        await Edges.ReportAsync(Report("b"), Stop);
        await Edges.ReportAsync(Report("a"), Stop);
        Clock.Advance(TimeSpan.FromSeconds(5));
        var latest = Report("b") with { Applied = position with { Revision = 7 }, Refused = [new(8, "acme", "no such service"), new(9, "", "no")] };
        await Edges.ReportAsync(latest, Stop);
        var start = Clock.GetUtcNow().AddSeconds(-5);
        Assert.AreSequenceEqual(
            new[]
            {
                new EdgeStatus(Report("a"), start, TimeSpan.FromSeconds(5), start, IsDisputed: false),
                new EdgeStatus(latest, start.AddSeconds(5), TimeSpan.Zero, start.AddSeconds(5), IsDisputed: false),
            },
            await Edges.ListAsync(Stop));
    }

    [TestMethod]
    public async Task When_something_was_applied_is_when_it_was_first_heard()
    {
        var applied = Report("a") with { Applied = new("epoch", 7) };
        await Edges.ReportAsync(applied, Stop);
        Clock.Advance(TimeSpan.FromSeconds(5));
        await Edges.ReportAsync(applied with { Refused = [new(7, "acme", "no")] }, Stop);
        Assert.AreEqual(Clock.GetUtcNow().AddSeconds(-5), Assert.ContainsSingle(await Edges.ListAsync(Stop)).AppliedAt);
        await Edges.ReportAsync(applied with { Applied = new("another epoch", 7) }, Stop);
        Assert.AreEqual(Clock.GetUtcNow(), Assert.ContainsSingle(await Edges.ListAsync(Stop)).AppliedAt);
    }

    [TestMethod]
    public async Task A_silent_edge_is_not_live_but_stays_listed_for_an_hour_and_may_come_back()
    {
        await Edges.ReportAsync(Report("silent"), Stop);
        Clock.Advance(EdgeStatus.LiveFor);
        Assert.IsTrue(Assert.ContainsSingle(await Edges.ListAsync(Stop)).IsLive);
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.IsFalse(Assert.ContainsSingle(await Edges.ListAsync(Stop)).IsLive);
        Clock.Advance(EdgeStatus.ListedFor);
        Assert.IsEmpty(await Edges.ListAsync(Stop));
        await Edges.ReportAsync(Report("silent"), Stop);
        Assert.IsTrue(Assert.ContainsSingle(await Edges.ListAsync(Stop)).IsLive);
    }

    [TestMethod]
    public async Task An_edge_that_stops_by_itself_is_listed_until_it_must_have()
    {
        await Edges.ReportAsync(Report("careful") with { MaxStaleness = TimeSpan.FromMinutes(1) }, Stop);
        Clock.Advance(TimeSpan.FromMinutes(1) + EdgeStatus.LiveFor);
        Assert.HasCount(1, await Edges.ListAsync(Stop));
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.IsEmpty(await Edges.ListAsync(Stop));
    }

    [TestMethod]
    public async Task Of_two_edges_with_one_id_the_later_is_kept_and_the_dispute_is_told()
    {
        var early = Report("a");
        var late = early with { StartedAt = early.StartedAt.AddMinutes(1), Version = "2" };
        await Edges.ReportAsync(early, Stop);
        await Edges.ReportAsync(late, Stop);
        Assert.IsFalse(Assert.ContainsSingle(await Edges.ListAsync(Stop)).IsDisputed, "the first may have ended");
        await Edges.ReportAsync(early, Stop);
        var status = Assert.ContainsSingle(await Edges.ListAsync(Stop));
        Assert.AreEqual(late, status.Report);
        Assert.IsTrue(status.IsDisputed);
        Clock.Advance(EdgeStatus.LiveFor + TimeSpan.FromMilliseconds(1));
        await Edges.ReportAsync(late, Stop);
        Assert.IsFalse(Assert.ContainsSingle(await Edges.ListAsync(Stop)).IsDisputed, "the first has been silent since");
    }

    [TestMethod]
    public async Task An_edge_whose_clock_was_set_back_takes_the_place_of_its_dead_predecessor()
    {
        await Edges.ReportAsync(Report("a") with { StartedAt = FakeClock.Start.AddHours(1) }, Stop);
        Clock.Advance(EdgeStatus.LiveFor + TimeSpan.FromMilliseconds(1));
        await Edges.ReportAsync(Report("a"), Stop);
        var status = Assert.ContainsSingle(await Edges.ListAsync(Stop));
        Assert.AreEqual(FakeClock.Start, status.Report.StartedAt);
        Assert.IsFalse(status.IsDisputed);
    }

    private EdgeReport Report(string id) => new(id, "1.0.0", "10.0.0.1:6188", FakeClock.Start, ConfigPosition.Start, []);
}
