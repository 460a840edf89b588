using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Usage;

namespace Drizzle.Conformance;

public abstract class UsageLedgerTests(IEngineFixture fixture) : EngineTests(fixture)
{
    private static readonly DateOnly Day = new(2026, 3, 1);
    private static readonly UsageQuery All = new("acme", DateOnly.MinValue, DateOnly.MaxValue, null, null, null, false, false, false, false, 1000);

    [TestMethod]
    public async Task Batches_are_summed_once_however_often_they_are_brought()
    {
        await Engine.Store.WriteAsync(0, Writing.Document("acme"), Stop);
        var batch = Batch(Entry("mobile", "orders", Day, 3), Entry("web", "orders", Day, 4));
        Assert.IsTrue(await Engine.Usage.AddAsync(batch, Stop));
        Assert.IsFalse(await Engine.Usage.AddAsync(batch, Stop));
        await ReopenAsync();
        Assert.IsFalse(await Engine.Usage.AddAsync(batch, Stop));
        Assert.IsTrue(await Engine.Usage.AddAsync(Batch(Entry("mobile", "orders", Day, 10)), Stop));
        Assert.AreEqual(Counts(17), Assert.ContainsSingle(await Engine.Usage.ListAsync(All, Stop)).Counts);
        Assert.AreSequenceEqual(
            new UsageRow[] { new(null, "mobile", null, null, Counts(13)), new(null, "web", null, null, Counts(4)) }, await Engine.Usage.ListAsync(All with { ByConsumer = true }, Stop));
    }

    [TestMethod]
    public async Task Batches_brought_by_many_at_once_are_each_counted()
    {
        await Engine.Store.WriteAsync(0, Writing.Document("acme"), Stop);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Engine.Usage.AddAsync(Batch(Entry("b", "orders", Day, 1), Entry("a", "orders", Day, 1), Entry($"c{i}", "orders", Day, 1)), Stop).AsTask()));
        Assert.AreEqual(Counts(120), Assert.ContainsSingle(await Engine.Usage.ListAsync(All, Stop)).Counts);
    }

    [TestMethod]
    public async Task Rows_are_told_apart_by_what_is_asked_for_and_days_come_newest_first()
    {
        await Engine.Store.WriteAsync(0, Writing.Document("acme"), Stop);
        await Engine.Usage.AddAsync(Batch(Entry("m", "orders", Day, 1), Entry("m", "orders", Day.AddDays(1), 2), Entry("", "maps", Day.AddDays(1), 4), Entry("m", "maps", Day.AddDays(2), 8)), Stop);
        Assert.AreSequenceEqual(new long[] { 8, 6, 1 }, (await Engine.Usage.ListAsync(All with { ByDay = true }, Stop)).Select(r => r.Counts.Requests));
        Assert.AreSequenceEqual(new[] { "maps", "orders" }, (await Engine.Usage.ListAsync(All with { ByService = true }, Stop)).Select(r => r.Service));
        Assert.AreEqual(Counts(6), (await Engine.Usage.ListAsync(All with { From = Day.AddDays(1), To = Day.AddDays(1) }, Stop)).Single().Counts);
        Assert.AreEqual(Counts(8), (await Engine.Usage.ListAsync(All with { Consumer = "m", Service = "maps" }, Stop)).Single().Counts);
        Assert.HasCount(2, await Engine.Usage.ListAsync(All with { ByDay = true, ByConsumer = true, ByService = true, ByRoute = true, Most = 2 }, Stop));
        Assert.AreEqual(1, await Engine.Usage.ForgetAsync(Day.AddDays(1), Stop));
    }

    [TestMethod]
    public async Task A_tenant_that_is_deleted_takes_its_usage_along_and_what_comes_late_is_nobodys()
    {
        var revision = await Engine.Store.WriteAsync(0, Writing.Document("acme"), Stop);
        await Engine.Store.WriteAsync(0, Writing.Document("other"), Stop);
        await Engine.Usage.AddAsync(Batch(Entry("m", "orders", Day, 1)), Stop);
        Assert.IsEmpty(await Engine.Usage.ListAsync(All with { Tenant = "other" }, Stop));
        await Engine.Store.DeleteAsync("acme", revision, Stop);
        Assert.IsTrue(await Engine.Usage.AddAsync(Batch(Entry("m", "orders", Day, 1)), Stop));
        await Engine.Store.WriteAsync(0, Writing.Document("acme"), Stop);
        Assert.IsEmpty(await Engine.Usage.ListAsync(All, Stop));
    }

    private static UsageBatch Batch(params UsageEntry[] entries) => new(Guid.NewGuid(), "edge-1", entries);

    private static UsageEntry Entry(string consumer, string service, DateOnly day, long requests) => new(new("acme", consumer, service, "all", day), Counts(requests));

    private static UsageCounts Counts(long requests) => new(requests, requests * 2, requests * 3, requests * 1_000_000_000, requests * 5, requests * 6);
}
