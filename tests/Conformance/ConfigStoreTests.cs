using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Tests;
using static Drizzle.Conformance.Writing;

namespace Drizzle.Conformance;

public abstract class ConfigStoreTests(IEngineFixture fixture) : EngineTests(fixture)
{
    private IConfigStore Store => Engine.Store;

    [TestMethod]
    public async Task A_fresh_store_is_empty()
    {
        var position = await Store.PositionAsync(Stop);
        Assert.AreEqual(0, position.Revision);
        Assert.AreNotEqual("", position.Epoch);
        Assert.IsEmpty(await Store.ListTenantsAsync(Stop));
        Assert.IsNull(await Store.ReadTenantAsync("acme", Stop));
        Assert.AreEqual(new StoredPlatform(0, new Platform()), await Store.ReadPlatformAsync(Stop));
        Assert.IsEmpty(await Store.ListRevisionsAsync(null, long.MaxValue, 10, Stop));
    }

    [TestMethod]
    public async Task A_stale_write_is_refused_with_the_actual_revision()
    {
        var first = await Store.WriteAsync(0, Named("acme", "one"), Stop);
        var second = await Store.WriteAsync(first, Named("acme", "two"), Stop);
        Assert.AreEqual(new WriteOutcome.Stale(second), await Store.TryWriteAsync(first, Named("acme", "three"), Stop));
        Assert.AreEqual(new WriteOutcome.Stale(second), await Store.TryWriteAsync(second + 1, Named("acme", "three"), Stop));
        Assert.AreEqual(new WriteOutcome.Stale(second), await Store.WriteTenantAsync("acme", first, null, Author, Stop));
        Assert.AreEqual(new StoredTenant(second, Named("acme", "two")), await Store.ReadTenantAsync("acme", Stop));
        Assert.HasCount(2, await Store.ListRevisionsAsync(null, long.MaxValue, 10, Stop));
        Assert.AreEqual(second, (await Store.PositionAsync(Stop)).Revision);
    }

    [TestMethod]
    public async Task A_tenant_is_created_only_where_there_is_none()
    {
        Assert.AreEqual(new WriteOutcome.Stale(0), await Store.TryWriteAsync(1, Document("acme"), Stop));
        var created = await Store.WriteAsync(0, Document("acme"), Stop);
        Assert.AreEqual(new WriteOutcome.Stale(created), await Store.TryWriteAsync(0, Document("acme"), Stop));
    }

    [TestMethod]
    public async Task A_deleted_tenant_can_be_created_again()
    {
        var created = await Store.WriteAsync(0, Named("acme", "old"), Stop);
        var deleted = await Store.DeleteAsync("acme", created, Stop);
        Assert.IsNull(await Store.ReadTenantAsync("acme", Stop));
        Assert.AreEqual(new WriteOutcome.Stale(0), await Store.TryWriteAsync(deleted, Document("acme"), Stop));
        Assert.AreEqual(new WriteOutcome.Stale(0), await Store.WriteTenantAsync("acme", created, null, Author, Stop));
        var again = await Store.WriteAsync(0, Named("acme", "new"), Stop);
        Assert.IsGreaterThan(deleted, again);
        Assert.AreEqual(new StoredTenant(again, Named("acme", "new")), await Store.ReadTenantAsync("acme", Stop));
    }

    [TestMethod]
    public async Task Revisions_grow_over_all_scopes_and_reopening()
    {
        var acme = await Store.WriteAsync(0, Document("acme"), Stop);
        var platform = RevisionOf(await Store.WritePlatformAsync(0, new Platform(), Author, Stop));
        var beta = await Store.WriteAsync(0, Document("beta"), Stop);
        var deleted = await Store.DeleteAsync("beta", beta, Stop);
        var before = await Store.PositionAsync(Stop);
        Assert.AreEqual(deleted, before.Revision);
        await ReopenAsync();
        Assert.AreEqual(before, await Store.PositionAsync(Stop));
        var edited = await Store.WriteAsync(acme, Named("acme", "edited"), Stop);
        long[] revisions = [0, acme, platform, beta, deleted, edited];
        for (var i = 1; i < revisions.Length; i++) Assert.IsGreaterThan(revisions[i - 1], revisions[i]);
        Assert.AreEqual(edited, (await Store.PositionAsync(Stop)).Revision);
    }

    [TestMethod]
    public async Task The_platform_has_a_revision_of_its_own()
    {
        var first = new Platform { TrustedProxies = ["10.0.0.0/8"], AddressLimit = new() { Rate = new(5, 's'), Burst = 9 } };
        Assert.AreEqual(new WriteOutcome.Stale(0), await Store.WritePlatformAsync(3, first, Author, Stop));
        var written = RevisionOf(await Store.WritePlatformAsync(0, first, Author, Stop));
        await Store.WriteAsync(0, Document("acme"), Stop);
        Assert.AreEqual(new WriteOutcome.Stale(written), await Store.WritePlatformAsync(0, new Platform(), Author, Stop));
        Assert.AreEqual(new StoredPlatform(written, first), await Store.ReadPlatformAsync(Stop));
        var second = first with { AllowedDestinations = ["192.168.0.0/16"] };
        var rewritten = RevisionOf(await Store.WritePlatformAsync(written, second, Author, Stop));
        await ReopenAsync();
        Assert.AreEqual(new StoredPlatform(rewritten, second), await Store.ReadPlatformAsync(Stop));
    }

    [TestMethod]
    public async Task Tenants_are_listed_in_ordinal_order_without_the_deleted_and_the_platform()
    {
        await Store.WritePlatformAsync(0, new Platform(), Author, Stop);
        foreach (var slug in new[] { "zeta", "a-b", "a0", "a", "gone" }) await Store.WriteAsync(0, Document(slug), Stop);
        var gone = await Store.ReadTenantAsync("gone", Stop);
        await Store.DeleteAsync("gone", gone?.Revision ?? 0, Stop);
        Assert.AreSequenceEqual(new[] { "a", "a-b", "a0", "zeta" }, await Store.ListTenantsAsync(Stop));
    }

    [TestMethod]
    public async Task Every_field_of_the_model_comes_back_as_it_was_written()
    {
        var written = await Store.WriteAsync(0, Samples.Everything, Stop);
        Assert.AreEqual(new StoredTenant(written, Samples.Everything), await Store.ReadTenantAsync("acme", Stop));
        await ReopenAsync();
        Assert.AreEqual(new StoredTenant(written, Samples.Everything), await Store.ReadTenantAsync("acme", Stop));
    }

    [TestMethod]
    public async Task Of_two_hundred_concurrent_edits_none_is_lost()
    {
        const int Writers = 200;
        await Store.WriteAsync(0, Document("acme"), Stop);
        var acknowledged = await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(() => AppendConsumerAsync($"consumer-{i}"), Stop)));

        var document = (await Store.ReadTenantAsync("acme", Stop))?.Document ?? Document("acme");
        Assert.AreSequenceEqual(
            acknowledged.OrderBy(a => a.Revision).Select(a => a.Consumer).ToList(),
            document.Tenant.Consumers.Select(c => c.Name).ToList());
        var history = await Store.ListRevisionsAsync("acme", long.MaxValue, 2 * Writers, Stop);
        Assert.AreSequenceEqual(
            acknowledged.OrderByDescending(a => a.Revision).Select(a => (a.Revision, a.Consumer)).ToList(),
            history.SkipLast(1).Select(h => (h.Revision, h.Actor)).ToList());
    }

    private async Task<(long Revision, string Consumer)> AppendConsumerAsync(string name)
    {
        while (true)
        {
            var read = await Store.ReadTenantAsync("acme", Stop) ?? throw new InvalidOperationException("The tenant is gone.");
            var tenant = read.Document.Tenant;
            var changed = read.Document with { Tenant = tenant with { Consumers = [.. tenant.Consumers, new() { Name = name }] } };
            if (await Store.WriteTenantAsync("acme", read.Revision, changed, new ChangeAuthor(name, null), Stop) is WriteOutcome.Written(var revision)) return (revision, name);
        }
    }
}
