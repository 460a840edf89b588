using Drizzle.Conformance.Postgres;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Testing;

namespace Drizzle.Conformance.Orleans;

/// <summary>Two silos, each with a way to the database of its own, and what they grant when it is cut.</summary>
[TestClass]
public sealed class WitnessTests
{
    private readonly FakeClock _clock = new();
    private Relay _firstWay = null!;
    private Relay _secondWay = null!;
    private RunningSilo _first = null!;
    private RunningSilo _second = null!;
    private SiloConnection _client = null!;
    private (string Silo, BucketId Bucket) _ofFirst;
    private (string Silo, BucketId Bucket) _ofSecond;

    [TestInitialize]
    public async Task StartAsync()
    {
        var cluster = new SiloCluster(await PostgresFixture.CreateDatabaseAsync());
        (_firstWay, _secondWay) = (cluster.MakeWay(), cluster.MakeWay());
        _first = await RunningSilo.StartAsync(cluster.By(_firstWay), clock: _clock);
        _second = await RunningSilo.StartAsync(cluster.By(_secondWay), clock: _clock);
        _client = SiloConnection.Start(cluster);
        await Eventually.TrueAsync(async () => await TryFindAsync(), "both silos have buckets");
        await Eventually.TrueAsync(async () => await GrantedAsync(_ofFirst) > 0, "the first grants");
        await Eventually.TrueAsync(async () => await GrantedAsync(_ofSecond) > 0, "the second grants");
    }

    [TestCleanup]
    public async Task StopAsync()
    {
        _firstWay.Mend();
        _secondWay.Mend();
        await _client.DisposeAsync();
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _firstWay.DisposeAsync();
        await _secondWay.DisposeAsync();
    }

    [TestMethod]
    public async Task While_the_database_is_away_for_all_they_go_on()
    {
        _firstWay.Cut();
        _secondWay.Cut();
        // Several times as long as ownership lasts without a look at the database.
        for (var step = 0; step < 12; step++)
        {
            await StepAsync();
            await Eventually.TrueAsync(async () => await GoesOnAsync(_ofFirst) && await GoesOnAsync(_ofSecond), "both go on");
        }
    }

    [TestMethod]
    public async Task One_that_alone_cannot_reach_it_stops_before_others_may_have_what_it_owns_and_goes_on_when_it_can()
    {
        _secondWay.Cut();
        for (var step = 0; step < 6; step++) await StepAsync();
        Assert.AreEqual(0, await GrantedAsync(_ofSecond));
        await Eventually.TrueAsync(() => GoesOnAsync(_ofFirst), "the one that reaches it goes on");
        Assert.AreEqual(0, await GrantedAsync(_ofSecond));
        _secondWay.Mend();
        await Eventually.TrueAsync(() => GoesOnAsync(_ofSecond), "the other goes on");
    }

    /// <summary>Half a second passes, with as many calls as give a silo the time to look around.</summary>
    private async Task StepAsync()
    {
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        for (var call = 0; call < 100; call++) await GrantsAsync(_ofFirst);
    }

    /// <summary>Whether it grants; where it does not, a little time passes, for a silo looks around only every now and then.</summary>
    private async Task<bool> GoesOnAsync((string Silo, BucketId Bucket) at)
    {
        for (var call = 0; call < 20; call++)
        {
            if (await GrantsAsync(at)) return true;
        }
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        return false;
    }

    /// <summary>A bucket of each.</summary>
    private async Task<bool> TryFindAsync()
    {
        BucketId[] some = [.. Enumerable.Range(0, 32).Select(i => new BucketId("acme/plan:p/each", $"client-{i}"))];
        try
        {
            var where = (await _client.CallAsync(grains => grains.GetGrain<IShardFinderGrain>(0).FindAsync([.. some.Select(BucketShards.Of)]), CancellationToken.None)).Silos;
            _ofFirst = Find(_first);
            _ofSecond = Find(_second);
            return _ofFirst.Silo is not null && _ofSecond.Silo is not null;

            (string Silo, BucketId Bucket) Find(RunningSilo silo) => where.Zip(some).FirstOrDefault(s => s.First?.Contains($":{silo.Options.Port}@", StringComparison.Ordinal) == true)!;
        }
        catch (EngineException)
        {
            return false;
        }
    }

    /// <returns>False also where it does not answer in time, because it waits for the database.</returns>
    private async Task<bool> GrantsAsync((string Silo, BucketId Bucket) at)
    {
        try
        {
            return await GrantedAsync(at) > 0;
        }
        catch (EngineException)
        {
            return false;
        }
    }

    private async Task<long> GrantedAsync((string Silo, BucketId Bucket) at)
    {
        LeaseRequest[] request = [new(at.Bucket, new BucketRule(1_000_000, 1_000_000), 1, new(1, 1), [])];
        return (await _client.CallAsync(grains => grains.GetGrain<ILeaseDeskGrain>(at.Silo).LeaseAsync("edge", request), CancellationToken.None)).Answers[0].Granted;
    }
}
