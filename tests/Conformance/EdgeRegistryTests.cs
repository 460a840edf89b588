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
        Assert.AreSequenceEqual(new[] { new EdgeStatus(Report("a"), start), new EdgeStatus(latest, start.AddSeconds(5)) }, await Edges.ListAsync(Stop));
    }

    [TestMethod]
    public async Task An_edge_that_is_silent_for_a_minute_is_forgotten_and_may_come_back()
    {
        await Edges.ReportAsync(Report("silent"), Stop);
        await Edges.ReportAsync(Report("alive"), Stop);
        for (var elapsed = 5; elapsed <= 55; elapsed += 5)
        {
            Clock.Advance(TimeSpan.FromSeconds(5));
            await Edges.ReportAsync(Report("alive"), Stop);
            Assert.HasCount(2, await Edges.ListAsync(Stop));
        }
        Clock.Advance(TimeSpan.FromSeconds(5.001));
        Assert.AreEqual("alive", Assert.ContainsSingle(await Edges.ListAsync(Stop)).Report.Id);
        await Edges.ReportAsync(Report("silent"), Stop);
        Assert.HasCount(2, await Edges.ListAsync(Stop));
    }

    private EdgeReport Report(string id) => new(id, "1.0.0", "10.0.0.1:6188", FakeClock.Start, ConfigPosition.Start, []);
}
