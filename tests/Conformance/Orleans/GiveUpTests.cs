using Drizzle.Conformance.Postgres;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Testing;

namespace Drizzle.Conformance.Orleans;

/// <summary>A shard that a silo is asked to give up, by another that has an activation of it too: told that nobody holds it, that one would take what it had for lost.</summary>
[TestClass]
public sealed class GiveUpTests
{
    private const int Shard = 5;

    // Fills within ten seconds, so that nothing of it is written down before.
    private static readonly BucketRule Rule = new(100_000_000, 60);
    private static readonly BucketId Bucket = Enumerable.Range(0, int.MaxValue).Select(i => new BucketId("acme/plan:p/each", $"{i}")).First(b => BucketShards.Of(b) == Shard);

    private SiloCluster _cluster = null!;
    private Relay _way = null!;
    private RunningSilo _silo = null!;
    private SiloConnection _client = null!;
    private string _name = "";
    private long _epoch;

    [TestInitialize]
    public async Task StartAsync()
    {
        _cluster = new SiloCluster(await PostgresFixture.CreateDatabaseAsync());
        _way = _cluster.MakeWay();
        _silo = await RunningSilo.StartAsync(_cluster.By(_way));
        _client = SiloConnection.Start(_cluster);
        await Eventually.TrueAsync(TryFindAsync, "it has the shard");
        await Eventually.TrueAsync(async () => await DeskAsync(desk => LeaseAsync(desk, 20)) == 20, "it grants");
        _epoch = (long)(await PostgresServer.QueryAsync(_cluster.ConnectionString, $"SELECT epoch FROM drizzle.bucket_shards WHERE shard = {Shard}"))!;
    }

    [TestCleanup]
    public async Task StopAsync()
    {
        _way.Mend();
        await _client.DisposeAsync();
        await _silo.DisposeAsync();
        await _way.DisposeAsync();
    }

    [TestMethod]
    public async Task While_it_cannot_be_written_down_nobody_is_told_that_it_is_not_held()
    {
        await using (await PostgresServer.HoldAsync(_cluster.ConnectionString, "drizzle.bucket_shards"))
        {
            var first = GiveUpAsync();
            await Eventually.TrueAsync(async () => !(await DeskAsync(desk => desk.FillAsync(Bucket, 0))).IsHere, "it is closed");
            await Assert.ThrowsExactlyAsync<EngineException>(GiveUpAsync);
            await Assert.ThrowsExactlyAsync<EngineException>(() => first);
        }
        await Eventually.TrueAsync(async () => await TryGiveUpAsync(), "it is given up");
        Assert.IsTrue(await IsLeftAsync());
    }

    [TestMethod]
    public async Task What_could_not_be_written_down_is_written_when_it_can_be()
    {
        _way.Cut();
        await Assert.ThrowsExactlyAsync<EngineException>(GiveUpAsync);
        Assert.IsFalse(await IsLeftAsync());
        _way.Mend();
        await Eventually.TrueAsync(async () => await TryGiveUpAsync(), "it is given up");
        Assert.IsTrue(await IsLeftAsync());
    }

    private Task<bool> GiveUpAsync() => DeskAsync(desk => desk.GiveUpAsync(Shard, _epoch));

    private async Task<bool> TryGiveUpAsync()
    {
        try
        {
            return await GiveUpAsync();
        }
        catch (EngineException)
        {
            return false;
        }
    }

    /// <summary>Whether the shard has no owner, and what it had is there for the next.</summary>
    private async Task<bool> IsLeftAsync() => await PostgresServer.QueryAsync(_cluster.ConnectionString, $"SELECT owner IS NULL AND state IS NOT NULL FROM drizzle.bucket_shards WHERE shard = {Shard}") is true;

    private async Task<bool> TryFindAsync()
    {
        if ((await RunningSilo.KnownAsync(_client)).Length == 0) return false;
        _name = (await _client.CallAsync(grains => grains.GetGrain<IShardFinderGrain>(0).FindAsync([Shard]), CancellationToken.None)).Silos[0] ?? "";
        return _name.Length > 0;
    }

    private static async Task<long> LeaseAsync(ILeaseDeskGrain desk, long tokens) => (await desk.LeaseAsync("edge", [new(Bucket, Rule, 1, new(tokens, tokens), [])])).Answers[0].Granted;

    private Task<T> DeskAsync<T>(Func<ILeaseDeskGrain, Task<T>> call) => _client.CallAsync(grains => call(grains.GetGrain<ILeaseDeskGrain>(_name)), CancellationToken.None).AsTask();
}
