using Drizzle.Contracts.Ports;
using static Drizzle.Conformance.Writing;

namespace Drizzle.Conformance;

public abstract class HostOwnershipTests(IEngineFixture fixture) : EngineTests(fixture)
{
    private IConfigStore Store => Engine.Store;

    [TestMethod]
    public async Task A_host_of_another_tenant_is_refused_and_nothing_is_written()
    {
        await Store.WriteAsync(0, Document("acme", "api.test", "*.acme.test"), Stop);
        Assert.AreEqual(new WriteOutcome.HostTaken("*.acme.test"), await Store.TryWriteAsync(0, Document("beta", "beta.test", "*.acme.test"), Stop));
        Assert.IsNull(await Store.ReadTenantAsync("beta", Stop));
        await Store.WriteAsync(0, Document("gamma", "beta.test"), Stop);
    }

    [TestMethod]
    public async Task A_tenant_keeps_its_hosts_through_its_own_edits()
    {
        var created = await Store.WriteAsync(0, Document("acme", "one.test", "two.test"), Stop);
        await Store.WriteAsync(created, Document("acme", "two.test", "one.test", "three.test"), Stop);
        Assert.AreEqual(new WriteOutcome.HostTaken("three.test"), await Store.TryWriteAsync(0, Document("beta", "three.test"), Stop));
    }

    [TestMethod]
    public async Task Deleting_a_tenant_releases_its_hosts()
    {
        var created = await Store.WriteAsync(0, Document("acme", "api.test"), Stop);
        await Store.DeleteAsync("acme", created, Stop);
        await Store.WriteAsync(0, Document("beta", "api.test"), Stop);
        Assert.AreEqual(new WriteOutcome.HostTaken("api.test"), await Store.TryWriteAsync(0, Document("acme", "api.test"), Stop));
    }

    [TestMethod]
    public async Task One_write_gives_up_a_host_and_takes_another()
    {
        var created = await Store.WriteAsync(0, Document("acme", "old.test"), Stop);
        await Store.WriteAsync(created, Document("acme", "new.test"), Stop);
        Assert.AreEqual(new WriteOutcome.HostTaken("new.test"), await Store.TryWriteAsync(0, Document("beta", "new.test"), Stop));
        await Store.WriteAsync(0, Document("beta", "old.test"), Stop);
    }

    [TestMethod]
    public async Task A_refused_or_stale_write_leaves_the_hosts_as_they_were()
    {
        var acme = await Store.WriteAsync(0, Document("acme", "a.test"), Stop);
        var beta = await Store.WriteAsync(0, Document("beta", "b.test"), Stop);
        Assert.AreEqual(new WriteOutcome.HostTaken("b.test"), await Store.TryWriteAsync(acme, Document("acme", "free.test", "b.test"), Stop));
        Assert.AreEqual(new WriteOutcome.Stale(beta), await Store.TryWriteAsync(acme, Document("beta"), Stop));
        await Store.WriteAsync(0, Document("gamma", "free.test"), Stop);
        Assert.AreEqual(new WriteOutcome.HostTaken("a.test"), await Store.TryWriteAsync(0, Document("delta", "a.test"), Stop));
        Assert.AreEqual(new WriteOutcome.HostTaken("b.test"), await Store.TryWriteAsync(0, Document("delta", "b.test"), Stop));
    }

    [TestMethod]
    public async Task Of_many_that_want_one_host_at_once_one_gets_it()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Store.TryWriteAsync(0, Document($"tenant-{i}", "wanted.test"), Stop).AsTask(), Stop)));
        Assert.ContainsSingle(outcomes.Where(o => o is WriteOutcome.Written).ToList());
        Assert.HasCount(19, outcomes.Where(o => o is WriteOutcome.HostTaken { Host: "wanted.test" }).ToList());
        Assert.HasCount(1, await Store.ListTenantsAsync(Stop));
    }

    [TestMethod]
    public async Task Hosts_stay_taken_after_reopening()
    {
        await Store.WriteAsync(0, Document("acme", "api.test"), Stop);
        await ReopenAsync();
        Assert.AreEqual(new WriteOutcome.HostTaken("api.test"), await Store.TryWriteAsync(0, Document("beta", "api.test"), Stop));
    }
}
