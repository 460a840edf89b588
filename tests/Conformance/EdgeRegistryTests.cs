using Drizzle.Contracts.Ports;
using Drizzle.Testing;
using static Drizzle.Conformance.Writing;

namespace Drizzle.Conformance;

public abstract class EdgeRegistryTests(IEngineFixture fixture) : EngineTests(fixture)
{
    private IEdgeRegistry Edges => Engine.Edges;

    [TestMethod]
    public async Task A_report_is_answered_with_the_current_position()
    {
        Assert.AreEqual(await Engine.Store.PositionAsync(Stop), await Edges.ReportAsync(Report("a"), Stop));
        var written = await Engine.Store.WriteAsync(0, Document("acme"), Stop);
        var position = await Edges.ReportAsync(Report("a"), Stop);
        Assert.AreEqual(written, position.Revision);
        Assert.AreEqual(await Engine.Store.PositionAsync(Stop), position);
    }

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
    public async Task A_forgotten_edge_is_listed_no_more_until_it_reports()
    {
        await Edges.ReportAsync(Report("a"), Stop);
        Assert.IsTrue(await Edges.ForgetAsync("a", Stop));
        Assert.IsEmpty(await Edges.ListAsync(Stop));
        Assert.IsFalse(await Edges.ForgetAsync("a", Stop));
        await Edges.ReportAsync(Report("a"), Stop);
        Assert.HasCount(1, await Edges.ListAsync(Stop));
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

    [TestMethod]
    public async Task Who_watches_is_told_of_news()
    {
        await Edges.ReportAsync(Report("a"), Stop);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var heard = Edges.WatchAsync(enough.Token).GetAsyncEnumerator(enough.Token);
        Assert.IsTrue(await heard.MoveNextAsync());
        Assert.HasCount(1, heard.Current);
        await Edges.ReportAsync(Report("b"), Stop);
        await UntilAsync(edges => edges.Count == 2);
        await Edges.ReportAsync(Report("b") with { Applied = new("epoch", 7) }, Stop);
        await UntilAsync(edges => edges[1].Report.Applied.Revision == 7);
        await Edges.ForgetAsync("a", Stop);
        await UntilAsync(edges => edges.Count == 1);
        await enough.CancelAsync();
        await heard.DisposeAsync();

        async Task UntilAsync(Predicate<IReadOnlyList<EdgeStatus>> isSo)
        {
            do Assert.IsTrue(await heard.MoveNextAsync());
            while (!isSo(heard.Current));
        }
    }

    private EdgeReport Report(string id) => new(id, "1.0.0", "10.0.0.1:6188", FakeClock.Start, ConfigPosition.Start, []);
}
