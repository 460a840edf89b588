using Drizzle.Contracts.Ports;
using Drizzle.Testing;
using static Drizzle.Conformance.Writing;

namespace Drizzle.Conformance;

/// <summary>What edges say of themselves, and what comes of it at once.</summary>
public abstract class EdgeReportTests(IEngineFixture fixture) : EngineTests(fixture)
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

    private static EdgeReport Report(string id) => new(id, "1.0.0", "10.0.0.1:6188", FakeClock.Start, ConfigPosition.Start, []);
}
