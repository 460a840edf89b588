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
        var platform = RevisionOf(await Store.WritePlatformAsync(0, new Platform(), new ChangeAuthor("bob", null), Stop));
        Clock.Advance(TimeSpan.FromMilliseconds(1.5));
        var deleted = RevisionOf(await Store.WriteTenantAsync("acme", created, null, new ChangeAuthor("çiğdem", "left; \"bye\""), Stop));
        RevisionEntry[] expected =
        [
            new(deleted, "acme", true, "çiğdem", first.AddHours(1).AddMilliseconds(1.5), "left; \"bye\""),
            new(platform, "", false, "bob", first.AddHours(1), null),
            new(created, "acme", false, "ann", first, "a new customer"),
        ];
        Assert.AreSequenceEqual(expected, await Store.ListRevisionsAsync(null, 10, Stop));
        await ReopenAsync();
        Assert.AreSequenceEqual(expected, await Store.ListRevisionsAsync(null, 10, Stop));
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

    private async Task<List<long>> ListAsync(string? scope, int most) =>
        (await Store.ListRevisionsAsync(scope, most, Stop)).Select(e => e.Revision).ToList();
}
