using Drizzle.Conformance.Postgres;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Sql;
using Drizzle.Silo.Buckets;
using Drizzle.Testing;

namespace Drizzle.Conformance.Orleans;

/// <summary>Several silos that want the same shard at the same time, over a real database and a clock that is moved by hand.</summary>
[TestClass]
public sealed class ShardOwnershipTests
{
    private const long Second = 1_000_000_000;
    private const int Shard = 5;
    private const int Steps = 150;

    private static readonly BucketId[] Buckets = [.. Enumerable.Range(0, int.MaxValue).Select(i => new BucketId("acme/plan:p/each", $"{i}")).Where(b => BucketShards.Of(b) == Shard).Take(2)];

    // The first fills within ten seconds, the other does not.
    private static readonly BucketRule[] Rules = [new(Second / 10, 60), new(Second, 200)];

    private readonly FakeClock _time = new();
    private readonly List<SimulatedSilo> _silos = [];
    private SiloCluster _cluster = null!;
    private Relay _way = null!;
    private PostgresEngine _engine = null!;
    private SimulatedWire _wire = null!;
    private Random _random = null!;
    private int _port;

    [TestInitialize]
    public async Task OpenAsync()
    {
        _cluster = new SiloCluster(await PostgresFixture.CreateDatabaseAsync());
        _way = _cluster.MakeWay();
        _engine = await PostgresEngine.OpenAsync(_cluster.By(_way).ConnectionString, TimeProvider.System, CancellationToken.None);
    }

    [TestCleanup]
    public async Task CloseAsync()
    {
        foreach (var silo in _silos) silo.Dispose();
        await _engine.DisposeAsync();
        await _way.DisposeAsync();
    }

    [TestMethod]
    public async Task It_goes_from_one_to_the_other_and_nothing_is_lost()
    {
        await StartAsync(seed: 0, loss: 0);
        var owners = new HashSet<string>();
        for (var step = 0; step < Steps; step++)
        {
            Assert.DoesNotContain(false, await Task.WhenAll(Some().Select(silo => silo.TryOpenAsync(Shard))));
            owners.Add(Assert.ContainsSingle(_silos.Where(silo => silo.Registry.Find(Shard) is not null)).Name);
            await LeaseKnownAsync($"step {step}");
            _time.Advance(TimeSpan.FromMilliseconds(_random.Next(300)));
        }
        Assert.HasCount(3, owners);
    }

    [TestMethod]
    public async Task Who_has_not_heard_the_answer_asks_again_and_nothing_is_lost()
    {
        await StartAsync(seed: 0, loss: 0.4);
        var failures = 0;
        for (var step = 0; step < Steps; step++)
        {
            var silo = Some()[0];
            while (!await silo.TryOpenAsync(Shard)) failures++;
            Assert.IsTrue(await LeaseKnownAsync($"step {step}"));
            _time.Advance(TimeSpan.FromMilliseconds(_random.Next(300)));
        }
        Assert.IsGreaterThan(Steps / 4, failures);
    }

    [TestMethod]
    public async Task Who_has_it_goes_on_while_its_successor_does_not_reach_it_and_may_leave_it_in_the_database()
    {
        var (first, _, third) = await ClaimInVainAsync();
        Assert.IsFalse(await third.TryOpenAsync(Shard));
        Assert.AreEqual(5, (await first.LeaseAsync(Buckets[0], Rules[0], 5))?.Answer.Granted);
        Assert.AreEqual(20, (await first.LeaseAsync(Buckets[1], Rules[1], 20))?.Answer.Granted, "That has to be written down first.");
        await first.EndAsync();
        Assert.IsTrue(await third.TryOpenAsync(Shard));
        Assert.AreEqual(5, (await third.LeaseAsync(Buckets[0], Rules[0], 60))?.Answer.Granted);
        Assert.AreEqual(180, (await third.LeaseAsync(Buckets[1], Rules[1], 200))?.Answer.Granted);
    }

    [TestMethod]
    public async Task One_whose_successor_dies_before_it_asks_goes_on_to_the_next()
    {
        var (_, second, third) = await ClaimInVainAsync();
        _wire.Loss = 0;
        await second.KillAsync();
        Assert.IsTrue(await third.TryOpenAsync(Shard));
        Assert.AreEqual(10, (await third.LeaseAsync(Buckets[0], Rules[0], 60))?.Answer.Granted);
    }

    [TestMethod]
    public async Task What_one_has_that_dies_before_the_database_notes_it_is_lost_and_not_handed_over_again()
    {
        await StartAsync(seed: 0, loss: 0);
        var (first, second, third) = (_silos[0], _silos[1], _silos[2]);
        Assert.IsTrue(await first.TryOpenAsync(Shard));
        var epoch = first.Registry.Find(Shard)?.Epoch;
        Assert.IsTrue(await second.TryOpenAsync(Shard));
        Assert.AreEqual(60, (await second.LeaseAsync(Buckets[0], Rules[0], 60))?.Answer.Granted);
        // As if it had noted nothing; in an epoch of which it will not say so.
        await PostgresServer.QueryAsync(_cluster.ConnectionString, $"UPDATE drizzle.bucket_shards SET epoch = nextval('drizzle.grant_numbers'), previous_owner = '{first.Name}', previous_epoch = {epoch} WHERE shard = {Shard}");
        await second.KillAsync();
        Assert.IsTrue(await third.TryOpenAsync(Shard));
        Assert.AreEqual(LeaseAnswer.NotYet, (await third.LeaseAsync(Buckets[0], Rules[0], 60))?.Answer.Level);
    }

    [TestMethod]
    public async Task However_silos_die_end_and_join_no_window_has_too_many()
    {
        for (var seed = 0; seed < 8; seed++)
        {
            await StartAsync(seed, loss: seed % 2 * 0.05);
            List<(long At, long Tokens)>[] spent = [[], []];
            for (var step = 0; step < 2 * Steps; step++)
            {
                Task[] opening = [.. Some().Select(silo => silo.TryOpenAsync(Shard))];
                Task[] leasing = [.. Enumerable.Range(0, 4).Select(i => SpendAsync(i % 2, spent[i % 2], _random.Next(), _silos[_random.Next(_silos.Count)]))];
                if (_random.Next(25) == 0) await ReplaceAsync();
                // Of what is under way then nobody knows whether it was done.
                else if (_random.Next(10) == 0) await BreakAsync();
                await Task.WhenAll([.. opening, .. leasing]);
                _time.Advance(TimeSpan.FromMilliseconds(_random.Next(500)));
            }
            for (var i = 0; i < spent.Length; i++) ExpectBound(spent[i], Rules[i], $"seed {seed}, bucket {i}");
            await EndAllAsync();
        }
    }

    private async Task StartAsync(int seed, double loss)
    {
        _random = new Random(seed);
        _wire = new SimulatedWire(_cluster, new SiloClock(_time), new Random(seed)) { Loss = loss };
        await PostgresServer.QueryAsync(_cluster.ConnectionString, "TRUNCATE drizzle.bucket_shards, drizzle.bucket_reserves");
        for (var i = 0; i < 3; i++) _silos.Add(await SimulatedSilo.JoinAsync(_wire, _engine, ++_port));
    }

    /// <summary>The first has the shard, of whose first bucket 50 tokens are out; the second has claimed it, and could not ask for it.</summary>
    private async Task<(SimulatedSilo First, SimulatedSilo Second, SimulatedSilo Third)> ClaimInVainAsync()
    {
        await StartAsync(seed: 0, loss: 0);
        Assert.IsTrue(await _silos[0].TryOpenAsync(Shard));
        Assert.AreEqual(50, (await _silos[0].LeaseAsync(Buckets[0], Rules[0], 50))?.Answer.Granted);
        _wire.Loss = 1;
        Assert.IsFalse(await _silos[1].TryOpenAsync(Shard));
        return (_silos[0], _silos[1], _silos[2]);
    }

    private async Task EndAllAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.EndAsync();
            silo.Dispose();
        }
        _silos.Clear();
    }

    /// <summary>A few that live, some of them twice.</summary>
    private List<SimulatedSilo> Some()
    {
        SimulatedSilo[] living = [.. _silos.Where(silo => !silo.IsDead)];
        return [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => living[_random.Next(living.Length)])];
    }

    /// <summary>Leases from the first bucket where it is, if it is anywhere; who has it knows what was granted before.</summary>
    private async Task<bool> LeaseKnownAsync(string when)
    {
        if (_silos.Find(silo => silo.Registry.Find(Shard) is not null) is not { } owner || await owner.LeaseAsync(Buckets[0], Rules[0], _random.Next(1, 20)) is not { } some) return false;
        Assert.AreNotEqual(LeaseAnswer.NotYet, some.Answer.Level, $"{when}: something was lost.");
        return true;
    }

    /// <summary>Spends some of what is granted, as late as it may be, or at once; then it may be that the rest is given back.</summary>
    private static async Task SpendAsync(int bucket, List<(long At, long Tokens)> spent, int dice, SimulatedSilo silo)
    {
        var random = new Random(dice);
        if (await silo.LeaseAsync(Buckets[bucket], Rules[bucket], random.Next(1, 30)) is not { Answer: { Granted: > 0 } answer } lease) return;
        var isGivenBack = random.Next(2) == 0;
        var tokens = isGivenBack ? random.NextInt64(answer.Granted + 1) : answer.Granted;
        lock (spent) spent.Add((lease.At + (isGivenBack || random.Next(2) == 0 ? 0 : LeaseTerms.Lifetime), tokens));
        if (isGivenBack) await silo.LeaseAsync(Buckets[bucket], Rules[bucket], 1, new GrantReport(answer.Grant, tokens, IsFinal: true));
    }

    /// <summary>One of those that live is killed or ends, and another joins. The dead stay, and may be asked.</summary>
    private async Task ReplaceAsync()
    {
        SimulatedSilo[] living = [.. _silos.Where(silo => !silo.IsDead)];
        var one = living[_random.Next(living.Length)];
        await (_random.Next(3) == 0 ? one.EndAsync() : one.KillAsync());
        _silos.Add(await SimulatedSilo.JoinAsync(_wire, _engine, ++_port));
    }

    /// <summary>Breaks all connections to the database.</summary>
    private async Task BreakAsync()
    {
        for (var yields = _random.Next(20); yields > 0; yields--) await Task.Yield();
        _way.Cut();
        _way.Mend();
    }

    private static void ExpectBound(List<(long At, long Tokens)> spent, BucketRule rule, string what)
    {
        Assert.IsGreaterThan(20, spent.Count, what);
        // The least of A(s) − r·s, so that the excess of all windows that end at an instant is one subtraction; in nanoseconds of refill.
        var (least, sum) = (long.MaxValue, 0L);
        foreach (var (at, tokens) in spent.OrderBy(s => s.At))
        {
            least = Math.Min(least, (sum * rule.Interval) - at);
            sum += tokens;
            Assert.IsLessThanOrEqualTo(rule.Burst * rule.Interval, (sum * rule.Interval) - at - least, $"{what}: at {at}");
        }
    }
}
