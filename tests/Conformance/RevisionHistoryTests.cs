using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using static Drizzle.Conformance.Writing;

namespace Drizzle.Conformance;

public abstract class RevisionHistoryTests(IEngineFixture fixture) : EngineTests(fixture)
{
    private IConfigStore Store => Engine.Store;

    [TestMethod]
    public async Task Every_commit_says_what_who_when_and_why_newest_first()
    {
        var first = Clock.GetUtcNow();
        var created = RevisionOf(await Store.WriteTenantAsync("acme", 0, Document("acme"), new ChangeAuthor("ann", "a new customer"), Stop));
        Clock.Advance(TimeSpan.FromHours(1));
        var platform = RevisionOf(await Store.WritePlatformAsync(0, new Platform(), new ChangeAuthor("bob", null, "10.0.0.7"), Stop));
        Clock.Advance(TimeSpan.FromMilliseconds(1.5));
        var deleted = RevisionOf(await Store.WriteTenantAsync("acme", created, null, new ChangeAuthor("çiğdem", "left; \"bye\""), Stop));
        RevisionEntry[] expected =
        [
            new(deleted, "acme", true, "çiğdem", null, first.AddHours(1).AddMilliseconds(1.5), "left; \"bye\""),
            new(platform, "", false, "bob", "10.0.0.7", first.AddHours(1), null),
            new(created, "acme", false, "ann", null, first, "a new customer"),
        ];
        Assert.AreSequenceEqual(expected, await Store.ListRevisionsAsync(null, long.MaxValue, 10, Stop));
        await ReopenAsync();
        Assert.AreSequenceEqual(expected, await Store.ListRevisionsAsync(null, long.MaxValue, 10, Stop));
    }

    [TestMethod]
    public async Task A_scope_has_its_own_history()
    {
        var acme = await Store.WriteAsync(0, Document("acme"), Stop);
        var beta = await Store.WriteAsync(0, Document("beta"), Stop);
        var platform = RevisionOf(await Store.WritePlatformAsync(0, new Platform(), Author, Stop));
        var edited = await Store.WriteAsync(acme, Named("acme", "edited"), Stop);
        Assert.AreSequenceEqual(new[] { edited, acme }, await ListAsync("acme", 10));
        Assert.AreSequenceEqual(new[] { beta }, await ListAsync("beta", 10));
        Assert.AreSequenceEqual(new[] { platform }, await ListAsync("", 10));
        Assert.AreSequenceEqual(new[] { edited, platform, beta, acme }, await ListAsync(null, 10));
        Assert.IsEmpty(await ListAsync("nobody", 10));
    }

    [TestMethod]
    public async Task A_bound_keeps_the_newest()
    {
        var revisions = new List<long>();
        for (var i = 0; i < 5; i++) revisions.Insert(0, await Store.WriteAsync(revisions.FirstOrDefault(), Named("acme", $"{i}"), Stop));
        Assert.AreSequenceEqual(revisions.Take(3), await ListAsync(null, 3));
        Assert.AreSequenceEqual(revisions.Take(2), await ListAsync("acme", 2));
        Assert.AreSequenceEqual(revisions, await ListAsync("acme", 5));
    }

    [TestMethod]
    public async Task What_was_refused_is_no_part_of_it()
    {
        await Store.WriteAsync(0, Document("acme", "api.test"), Stop);
        await Store.TryWriteAsync(0, Document("acme"), Stop);
        await Store.TryWriteAsync(0, Document("beta", "api.test"), Stop);
        Assert.HasCount(1, await ListAsync(null, 10));
    }

    [TestMethod]
    public async Task Pages_follow_each_other()
    {
        var revisions = new List<long>();
        for (var i = 0; i < 5; i++) revisions.Insert(0, await Store.WriteAsync(revisions.FirstOrDefault(), Named("acme", $"{i}"), Stop));
        var second = await Store.ListRevisionsAsync(null, revisions[1], 2, Stop);
        Assert.AreSequenceEqual(revisions.Skip(2).Take(2), second.Select(e => e.Revision));
        Assert.IsEmpty(await Store.ListRevisionsAsync(null, revisions[^1], 2, Stop));
    }

    [TestMethod]
    public async Task A_tenant_is_told_as_it_was()
    {
        var one = await Store.WriteAsync(0, Named("acme", "one"), Stop);
        var other = await Store.WriteAsync(0, Document("other"), Stop);
        var two = await Store.WriteAsync(one, Named("acme", "two"), Stop);
        var gone = await Store.DeleteAsync("acme", two, Stop);
        var again = await Store.WriteAsync(0, Named("acme", "again"), Stop);
        await ReopenAsync();
        Assert.IsNull(await Store.ReadTenantAtAsync("acme", one - 1, Stop));
        Assert.AreEqual(new StoredTenant(one, Named("acme", "one")), await Store.ReadTenantAtAsync("acme", one, Stop));
        Assert.AreEqual(new StoredTenant(one, Named("acme", "one")), await Store.ReadTenantAtAsync("acme", other, Stop));
        Assert.AreEqual(new StoredTenant(two, Named("acme", "two")), await Store.ReadTenantAtAsync("acme", two, Stop));
        Assert.IsNull(await Store.ReadTenantAtAsync("acme", gone, Stop));
        Assert.AreEqual(new StoredTenant(again, Named("acme", "again")), await Store.ReadTenantAtAsync("acme", long.MaxValue, Stop));
    }

    [TestMethod]
    public async Task Platform_settings_are_told_as_they_were()
    {
        var proxies = new Platform { TrustedProxies = ["10.0.0.0/8"] };
        var first = RevisionOf(await Store.WritePlatformAsync(0, proxies, Author, Stop));
        var second = RevisionOf(await Store.WritePlatformAsync(first, new Platform(), Author, Stop));
        Assert.AreEqual(new StoredPlatform(0, new Platform()), await Store.ReadPlatformAtAsync(first - 1, Stop));
        Assert.AreEqual(new StoredPlatform(first, proxies), await Store.ReadPlatformAtAsync(first, Stop));
        Assert.AreEqual(new StoredPlatform(second, new Platform()), await Store.ReadPlatformAtAsync(long.MaxValue, Stop));
    }

    [TestMethod]
    public async Task What_was_superseded_long_ago_is_forgotten_and_what_holds_stays()
    {
        var one = await Store.WriteAsync(0, Named("acme", "one"), Stop);
        var quiet = await Store.WriteAsync(0, Document("quiet"), Stop);
        Clock.Advance(TimeSpan.FromDays(1));
        var two = await Store.WriteAsync(one, Named("acme", "two"), Stop);
        Clock.Advance(TimeSpan.FromDays(1));
        var three = await Store.WriteAsync(two, Named("acme", "three"), Stop);
        Assert.AreEqual(0, await Store.ForgetRevisionsAsync(Clock.GetUtcNow().AddDays(-1), Stop));
        Assert.AreEqual(1, await Store.ForgetRevisionsAsync(Clock.GetUtcNow().AddHours(-23), Stop));
        Assert.AreSequenceEqual(new[] { three, two, quiet }, await ListAsync(null, 10));
        Assert.IsNull(await Store.ReadTenantAtAsync("acme", quiet, Stop));
        Assert.AreEqual(three, (await Store.ReadTenantAsync("acme", Stop))?.Revision);
        Assert.AreEqual(three, (await Store.PositionAsync(Stop)).Revision);
    }

    private async Task<List<long>> ListAsync(string? scope, int most) =>
        (await Store.ListRevisionsAsync(scope, long.MaxValue, most, Stop)).Select(e => e.Revision).ToList();
}
