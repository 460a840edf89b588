using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Tests;
using static Drizzle.Conformance.Writing;

namespace Drizzle.Conformance;

public abstract class ConfigFeedTests(IEngineFixture fixture) : EngineTests(fixture)
{
    private IConfigStore Store => Engine.Store;

    [TestMethod]
    public async Task The_first_batch_of_an_empty_store_is_whole_and_empty()
    {
        var batch = await FirstAsync(ConfigPosition.Start);
        Assert.IsTrue(batch.IsWhole);
        Assert.IsEmpty(batch.Changes);
        Assert.AreEqual(await Store.PositionAsync(Stop), batch.Position);
    }

    [TestMethod]
    public async Task The_first_batch_is_the_whole_state()
    {
        var gone = await Store.WriteAsync(0, Document("gone"), Stop);
        var everything = await Store.WriteAsync(0, Samples.Everything, Stop);
        var platform = RevisionOf(await Store.WritePlatformAsync(0, new Platform { TrustedProxies = ["10.0.0.1"] }, Author, Stop));
        await Store.DeleteAsync("gone", gone, Stop);
        var batch = await FirstAsync(ConfigPosition.Start);
        Assert.IsTrue(batch.IsWhole);
        ConfigChange[] expected = [new ConfigChange.TenantWritten(everything, "acme", Samples.Everything), new ConfigChange.PlatformWritten(platform, new() { TrustedProxies = ["10.0.0.1"] })];
        Assert.AreSequenceEqual(expected, batch.Changes);
        Assert.AreEqual(await Store.PositionAsync(Stop), batch.Position);
    }

    [TestMethod]
    public async Task Since_a_revision_only_what_changed_is_told_and_deletions_are()
    {
        await Store.WriteAsync(0, Document("same"), Stop);
        var edited = await Store.WriteAsync(0, Document("edited"), Stop);
        var deleted = await Store.WriteAsync(0, Document("deleted"), Stop);
        var since = await Store.PositionAsync(Stop);
        Assert.IsEmpty((await FirstAsync(since)).Changes);

        edited = await Store.WriteAsync(edited, Named("edited", "once"), Stop);
        deleted = await Store.DeleteAsync("deleted", deleted, Stop);
        edited = await Store.WriteAsync(edited, Named("edited", "twice"), Stop);
        await ReopenAsync();
        var batch = await FirstAsync(since);
        Assert.IsFalse(batch.IsWhole);
        ConfigChange[] expected = [new ConfigChange.TenantDeleted(deleted, "deleted"), new ConfigChange.TenantWritten(edited, "edited", Named("edited", "twice"))];
        Assert.AreSequenceEqual(expected, batch.Changes);
        Assert.AreEqual(await Store.PositionAsync(Stop), batch.Position);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Another_epoch_or_a_revision_ahead_gives_the_whole_state_without_deletions(bool isOtherEpoch)
    {
        var acme = await Store.WriteAsync(0, Document("acme"), Stop);
        var gone = await Store.WriteAsync(0, Document("gone"), Stop);
        await Store.DeleteAsync("gone", gone, Stop);
        var now = await Store.PositionAsync(Stop);
        var batch = await FirstAsync(isOtherEpoch ? new("another", 1) : now with { Revision = now.Revision + 1 });
        Assert.IsTrue(batch.IsWhole);
        Assert.AreEqual(now, batch.Position);
        Assert.AreEqual(new ConfigChange.TenantWritten(acme, "acme", Document("acme")), Assert.ContainsSingle(batch.Changes));
    }

    [TestMethod]
    public async Task Each_commit_follows_as_it_happens()
    {
        await using var feed = Engine.Feed.SubscribeAsync(ConfigPosition.Start, Stop).GetAsyncEnumerator(Stop);
        Assert.IsTrue(await feed.MoveNextAsync());
        var created = await Store.WriteAsync(0, Document("acme"), Stop);
        await ExpectAsync(feed, new ConfigChange.TenantWritten(created, "acme", Document("acme")));
        var platform = RevisionOf(await Store.WritePlatformAsync(0, new Platform(), Author, Stop));
        await ExpectAsync(feed, new ConfigChange.PlatformWritten(platform, new()));
        Assert.IsInstanceOfType<WriteOutcome.Stale>(await Store.TryWriteAsync(0, Document("acme"), Stop));
        var deleted = await Store.DeleteAsync("acme", created, Stop);
        await ExpectAsync(feed, new ConfigChange.TenantDeleted(deleted, "acme"));
    }

    [TestMethod]
    public async Task Cancelling_ends_one_subscription_and_no_other()
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using var leaving = Engine.Feed.SubscribeAsync(ConfigPosition.Start, leave.Token).GetAsyncEnumerator(CancellationToken.None);
        await using var staying = Engine.Feed.SubscribeAsync(ConfigPosition.Start, Stop).GetAsyncEnumerator(Stop);
        Assert.IsTrue(await leaving.MoveNextAsync());
        Assert.IsTrue(await staying.MoveNextAsync());
        var next = leaving.MoveNextAsync().AsTask();
        Assert.IsFalse(next.IsCompleted);
        await leave.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => next);
        var created = await Store.WriteAsync(0, Document("acme"), Stop);
        await ExpectAsync(staying, new ConfigChange.TenantWritten(created, "acme", Document("acme")));
    }

    [TestMethod]
    public async Task Whoever_joins_leaves_and_rejoins_while_commits_go_on_misses_none()
    {
        const int Commits = 300;
        const int Subscribers = 8;
        var committed = Enumerable.Range(0, Commits).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        var following = Enumerable.Range(0, Subscribers).Select(seed => Task.Run(() => WanderAsync(new Random(seed), committed), Stop)).ToList();
        var random = new Random(99);
        for (var i = 0; i < Commits; i++)
        {
            await CommitAsync(random, i);
            committed[i].SetResult();
        }
        await Store.WriteAsync(0, Document("end"), Stop);
        foreach (var view in await Task.WhenAll(following)) await view.EqualsStoreAsync(Store, Stop);
    }

    /// <summary>Joins at a random moment, comes and goes, and at last stays to the end.</summary>
    private async Task<EdgeView> WanderAsync(Random random, TaskCompletionSource[] committed)
    {
        var view = new EdgeView();
        for (var moment = random.Next(100); moment < committed.Length; moment += random.Next(100))
        {
            await committed[moment].Task.WaitAsync(Stop);
            var batches = random.Next(1, 4);
            await view.FollowAsync(Engine.Feed, () => --batches == 0 || view.Documents.ContainsKey("end"), Stop);
        }
        await view.FollowAsync(Engine.Feed, () => view.Documents.ContainsKey("end"), Stop);
        return view;
    }

    private async Task CommitAsync(Random random, int number)
    {
        if (number % 50 == 0)
        {
            var platform = await Store.ReadPlatformAsync(Stop);
            RevisionOf(await Store.WritePlatformAsync(platform.Revision, new() { TrustedProxies = [$"10.0.0.{number / 50}"] }, Author, Stop));
            return;
        }
        var slug = $"tenant-{random.Next(12)}";
        var stored = await Store.ReadTenantAsync(slug, Stop);
        if (stored is not null && random.Next(4) == 0) await Store.DeleteAsync(slug, stored.Revision, Stop);
        else await Store.WriteAsync(stored?.Revision ?? 0, Named(slug, $"{number}"), Stop);
    }

    private async Task<ConfigBatch> FirstAsync(ConfigPosition since)
    {
        await using var feed = Engine.Feed.SubscribeAsync(since, Stop).GetAsyncEnumerator(Stop);
        Assert.IsTrue(await feed.MoveNextAsync());
        return feed.Current;
    }

    private async Task ExpectAsync(IAsyncEnumerator<ConfigBatch> feed, ConfigChange expected)
    {
        Assert.IsTrue(await feed.MoveNextAsync());
        Assert.IsFalse(feed.Current.IsWhole);
        Assert.AreEqual(expected, Assert.ContainsSingle(feed.Current.Changes));
        Assert.AreEqual(await Store.PositionAsync(Stop), feed.Current.Position);
    }
}
