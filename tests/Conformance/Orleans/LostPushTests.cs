using Drizzle.Conformance.Postgres;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using static Drizzle.Conformance.Writing;

namespace Drizzle.Conformance.Orleans;

/// <summary>Pushes that do not reach a client whose time stands still, so that it renews no subscription by itself.</summary>
[TestClass]
public sealed class LostPushTests
{
    // More than are kept for who does not read.
    private const int Many = 100;

    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60), TimeProvider.System);

    private CancellationToken Stop => _patience.Token;

    [TestCleanup]
    public void End() => _patience.Dispose();

    [TestMethod]
    public async Task The_next_push_shows_that_one_is_missing()
    {
        var cluster = new SiloCluster(await PostgresFixture.CreateDatabaseAsync());
        await using var silo = await RunningSilo.StartAsync(cluster);
        await using var slow = await OrleansFixture.ConnectAsync(cluster);
        await using var quick = await OrleansFixture.ConnectAsync(cluster);
        await using var unread = slow.Feed.SubscribeAsync(ConfigPosition.Start, Stop).GetAsyncEnumerator(Stop);
        await using var read = quick.Feed.SubscribeAsync(ConfigPosition.Start, Stop).GetAsyncEnumerator(Stop);
        Assert.IsTrue(await unread.MoveNextAsync() && await read.MoveNextAsync());
        for (var i = 0; i < Many; i++)
        {
            await quick.Store.WriteAsync(0, Document($"tenant-{i}"), Stop);
            Assert.IsTrue(await read.MoveNextAsync());
            Assert.ContainsSingle(read.Current.Changes, "Each is pushed by itself.");
        }
        var view = new EdgeView();
        view.Apply(unread.Current);
        while (view.Documents.Count < Many)
        {
            var next = unread.MoveNextAsync().AsTask();
            // All that was kept is read, so that one that comes now is kept.
            if (!next.IsCompleted) await quick.Store.WriteAsync(0, Document($"late-{view.Documents.Count}"), Stop);
            Assert.IsTrue(await next);
            view.Apply(unread.Current);
        }
        await view.EqualsStoreAsync(slow.Store, Stop);
    }
}
