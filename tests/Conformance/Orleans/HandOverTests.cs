using Drizzle.Conformance.Postgres;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Silo.Members;
using Drizzle.Testing;
using Orleans.Core.Internal;

namespace Drizzle.Conformance.Orleans;

/// <summary>A shard that a silo is asked for by another that has claimed it: told that it is not held, that one would take what it had for lost.</summary>
[TestClass]
public sealed class HandOverTests
{
    private const int Shard = 5;
    private const string Other = "127.0.0.1:1@1";

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
    public async Task It_is_handed_over_without_the_database_and_again_to_the_same_silo_alone()
    {
        _way.Cut();
        var handed = await HandOverAsync(_epoch, Other);
        Assert.IsNotNull(handed);
        Assert.IsFalse((await DeskAsync(desk => desk.FillAsync(Bucket, 0))).IsHere, "It grants nothing any more.");
        CollectionAssert.AreEqual(handed, await HandOverAsync(_epoch, Other));
        Assert.IsNull(await HandOverAsync(_epoch, "127.0.0.1:2@1"));
    }

    [TestMethod]
    public async Task An_epoch_that_it_does_not_hold_is_not_handed_over()
    {
        Assert.IsNull(await HandOverAsync(_epoch - 1, Other));
        Assert.IsFalse(await DeskAsync(desk => desk.SettleAsync(Shard, _epoch - 1)));
        Assert.IsTrue(await DeskAsync(desk => desk.SettleAsync(Shard, _epoch)));
        Assert.AreEqual(20, await DeskAsync(desk => LeaseAsync(desk, 20)), "It goes on.");
    }

    [TestMethod]
    public async Task Without_the_database_who_holds_a_shard_that_is_active_nowhere_is_found()
    {
        int[] shards = [.. Enumerable.Range(0, 16)];
        await Eventually.TrueAsync(async () => !(await FindAsync(shards)).Contains(null), "the first has them all");
        await using var second = await RunningSilo.StartAsync(_cluster.By(_way));
        await Eventually.TrueAsync(async () => (await RunningSilo.KnownAsync(_client)).Length == 2, "one knows the other");
        var silos = await RunningSilo.KnownAsync(_client);
        var moved = shards.First(shard => NumberPlacement.Of(shard, silos) != _name);
        Assert.AreEqual(_name, (await FindAsync([moved]))[0]);
        _way.Cut();
        // Until the first, too, knows that its place is at the second.
        await Eventually.TrueAsync(async () => await _client.CallAsync(grains => DeactivateAsync(grains.GetGrain<IBucketShardGrain>(moved)), CancellationToken.None) && !await IsActiveAsync(moved), "it is active nowhere");
        await Eventually.TrueAsync(async () => (await FindAsync([moved]))[0] == _name, "it is found");
        _way.Mend();
    }

    private static async Task<bool> DeactivateAsync(IBucketShardGrain grain)
    {
        await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        return true;
    }

    private async Task<bool> IsActiveAsync(int shard)
    {
        try
        {
            return await _client.CallAsync(grains => grains.GetGrain<IBucketShardGrain>(shard).WhereAsync(), CancellationToken.None) is not null;
        }
        catch (EngineException)
        {
            return false;
        }
    }

    private async Task<string?[]> FindAsync(int[] shards) => (await _client.CallAsync(grains => grains.GetGrain<IShardFinderGrain>(0).FindAsync(shards), CancellationToken.None)).Silos;

    private Task<byte[]?> HandOverAsync(long epoch, string to) => DeskAsync(desk => desk.HandOverAsync(Shard, epoch, to));

    private async Task<bool> TryFindAsync()
    {
        if ((await RunningSilo.KnownAsync(_client)).Length == 0) return false;
        _name = (await FindAsync([Shard]))[0] ?? "";
        return _name.Length > 0;
    }

    private static async Task<long> LeaseAsync(ILeaseDeskGrain desk, long tokens) => (await desk.LeaseAsync("edge", [new(Bucket, Rule, 1, new(tokens, tokens), [])])).Answers[0].Granted;

    private Task<T> DeskAsync<T>(Func<ILeaseDeskGrain, Task<T>> call) => _client.CallAsync(grains => call(grains.GetGrain<ILeaseDeskGrain>(_name)), CancellationToken.None).AsTask();
}
