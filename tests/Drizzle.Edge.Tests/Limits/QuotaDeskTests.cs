using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Quotas;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Edge.Limits;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Engine.Sql;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Limits;

/// <summary>Several edges' desks over one ledger that can be taken away.</summary>
[TestClass]
public sealed class QuotaDeskTests
{
    private static readonly QuotaId Id = new("acme/plan:p/daily", "mobile", 1_000);

    [TestMethod]
    [DataRow(OnFailure.Deny, 0)]
    [DataRow(OnFailure.Local, 90)]
    [DataRow(OnFailure.Allow, 500)]
    public async Task Without_the_ledger_a_quota_goes_on_as_it_says_and_is_counted_afterwards(OnFailure onFailure, int expected)
    {
        await using var ledger = await Ledger.OpenAsync();
        await using var desk = await DeskAsync(ledger, "a");
        await Eventually.TrueAsync(() => TakeAsync(desk, OnFailure.Deny, cost: 10), "the ledger grants");
        // Of a ledger that was slow more was asked than was taken.
        await Eventually.TrueAsync(async () => await ledger.TotalsAsync() is { Spent: 10, Reserved: 10 }, "nothing is in hand");
        ledger.IsAway = true;
        var passed = 0;
        for (var i = 0; i < 500; i++) passed += await TakeAsync(desk, onFailure) ? 1 : 0;
        Assert.AreEqual(expected, passed);
        ledger.IsAway = false;
        await Eventually.TrueAsync(async () => (await ledger.TotalsAsync())?.Spent == 10 + passed, "all is counted");
    }

    [TestMethod]
    public async Task Of_a_count_that_nothing_is_known_of_a_hundredth_passes_without_the_ledger()
    {
        await using var ledger = await Ledger.OpenAsync();
        await using var desk = await DeskAsync(ledger, "a");
        ledger.IsAway = true;
        Assert.IsTrue(await TakeAsync(desk, OnFailure.Local));
        Assert.IsFalse(await TakeAsync(desk, OnFailure.Local));
    }

    [TestMethod]
    public async Task Desks_of_three_edges_together_admit_the_amount_and_nothing_is_stuck()
    {
        await using var ledger = await Ledger.OpenAsync();
        QuotaDesk[] desks = [await DeskAsync(ledger, "a"), await DeskAsync(ledger, "b"), await DeskAsync(ledger, "c")];
        var passed = 0;
        await Task.WhenAll(desks.Select(desk => Task.Run(async () =>
        {
            for (var i = 0; i < 30; i++) Interlocked.Add(ref passed, await TakeAsync(desk, OnFailure.Deny) ? 1 : 0);
        })));
        Assert.IsLessThanOrEqualTo(100, passed);
        // What one edge holds and does not use is another's in a while.
        await Eventually.TrueAsync(async () => await TakeAsync(desks[0], OnFailure.Deny) && Interlocked.Increment(ref passed) == 100, "the last one passes");
        Assert.IsFalse(await TakeAsync(desks[1], OnFailure.Deny));
        foreach (var desk in desks) await desk.DisposeAsync();
        Assert.AreEqual((100L, 100L), ((await ledger.TotalsAsync())?.Spent, (await ledger.TotalsAsync())?.Reserved));
    }

    [TestMethod]
    public async Task A_desk_that_ends_gives_back_what_it_held()
    {
        await using var ledger = await Ledger.OpenAsync();
        var desk = await DeskAsync(ledger, "a");
        await Eventually.TrueAsync(() => TakeAsync(desk, OnFailure.Deny, cost: 5), "the ledger grants");
        await desk.DisposeAsync();
        Assert.AreEqual((5L, 5L), ((await ledger.TotalsAsync())?.Spent, (await ledger.TotalsAsync())?.Reserved));
    }

    private static async Task<QuotaDesk> DeskAsync(IQuotaLedger ledger, string edge)
    {
        var desk = new QuotaDesk(ledger, edge, TimeProvider.System);
        await desk.StartAsync();
        return desk;
    }

    private static async Task<bool> TakeAsync(QuotaDesk desk, OnFailure onFailure, long cost = 1)
    {
        QuotaCharge[] charges = [new(Id, new QuotaTerms(100, long.MaxValue, 1), cost, onFailure)];
        var taken = new TakenQuota[1];
        var answer = desk.TryTake(charges, taken, TimeProvider.System.GetTimestamp()) ?? await desk.TakeAsync(charges, taken);
        if (answer.IsAdmitted) taken[0].Commit();
        return answer.IsAdmitted;
    }

    private sealed class Ledger(TestFolder folder, SqliteEngine engine) : IQuotaLedger, IAsyncDisposable
    {
        private volatile bool _isAway;

        public bool IsAway
        {
            get => _isAway;
            set => _isAway = value;
        }

        public static async Task<Ledger> OpenAsync()
        {
            var folder = new TestFolder();
            var engine = await SqliteEngine.OpenAsync(folder.Path, TimeProvider.System, CancellationToken.None);
            await RunningEdge.ApplyAsync(engine, "tenants: [{ slug: acme }]");
            return new Ledger(folder, engine);
        }

        public async Task<QuotaTotals?> TotalsAsync() => (await engine.Quotas.ListAsync(new("acme", null, null, 2_000, 10), CancellationToken.None)).SingleOrDefault()?.Totals;

        public ValueTask<QuotaAnswers> ReserveAsync(IReadOnlyList<QuotaAsk> requests, CancellationToken cancellation) =>
            IsAway ? throw new EngineException("away") : engine.Quotas.ReserveAsync(requests, cancellation);

        public ValueTask<IReadOnlyList<QuotaStatus>> ListAsync(QuotaQuery query, CancellationToken cancellation) => engine.Quotas.ListAsync(query, cancellation);

        public ValueTask<QuotaTotals?> GrantAsync(QuotaId quota, long? extra, AuditRecord audit, CancellationToken cancellation) => engine.Quotas.GrantAsync(quota, extra, audit, cancellation);

        public ValueTask<long> ForgetAsync(CancellationToken cancellation) => engine.Quotas.ForgetAsync(cancellation);

        public async ValueTask DisposeAsync()
        {
            await engine.DisposeAsync();
            folder.Dispose();
        }
    }
}
