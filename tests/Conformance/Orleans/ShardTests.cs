using Drizzle.Conformance.Postgres;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Sql;
using Drizzle.Engine.Sql.Postgres;
using Drizzle.Silo.Buckets;
using Drizzle.Silo.Members;

namespace Drizzle.Conformance.Orleans;

/// <summary>One shard and its successors, over a real database and a clock that is moved by hand.</summary>
[TestClass]
public sealed class ShardTests
{
    private const long Second = 1_000_000_000;

    private static readonly BucketId Id = new("acme/plan:p/each", "mobile");

    private SiloCluster _cluster = null!;
    private PostgresEngine _engine = null!;
    private string? _silo;
    private int _port;
    private long _now;
    private long _epoch;

    [TestInitialize]
    public async Task OpenAsync()
    {
        _cluster = new SiloCluster(await PostgresFixture.CreateDatabaseAsync());
        _engine = await PostgresEngine.OpenAsync(_cluster.ConnectionString, TimeProvider.System, CancellationToken.None);
    }

    [TestCleanup]
    public async Task CloseAsync() => await _engine.DisposeAsync();

    [TestMethod]
    public async Task What_was_granted_is_still_out_after_a_hand_over_and_comes_back_to_the_successor()
    {
        var rule = new BucketRule(Second / 10, 10);
        var first = await ClaimAsync();
        var granted = await LeaseAsync(first, rule, need: 1, want: 6);
        Assert.AreEqual(6, granted.Granted);
        var handed = first.Close(_now);
        Assert.IsNotNull(handed);
        Assert.IsNull(await TryLeaseAsync(first, rule, 1, 1), "It is closed.");
        Assert.Contains(first.Number, await _engine.Shards.ReleaseAsync([new(first.Number, first.Epoch, null)], CancellationToken.None));
        var second = await ClaimAsync();
        second.TakeOver(handed, _now);
        Assert.AreEqual(4, (await LeaseAsync(second, rule, need: 1, want: 10)).Granted, "Six are out.");
        Assert.AreEqual(0, (await LeaseAsync(second, rule, need: 1, want: 10)).Granted);
        Assert.AreEqual(4, (await LeaseAsync(second, rule, need: 1, want: 10, new GrantReport(granted.Grant, 2, IsFinal: true))).Granted, "Four of the six came back.");
    }

    [TestMethod]
    public async Task After_a_loss_nothing_is_granted_until_all_that_was_out_has_expired_and_then_it_begins_empty()
    {
        var rule = new BucketRule(Second / 10, 10);
        var first = await ClaimAsync();
        await LeaseAsync(first, rule, need: 1, want: 6);
        var second = await ClaimAsync();
        second.BeginAfterLoss(await _engine.Shards.ReservesAsync(second.Number, CancellationToken.None), _now + Tenure.Waits);
        Assert.AreEqual((0L, LeaseAnswer.NotYet), Of(await LeaseAsync(second, rule, 1, 1)));
        _now += Tenure.Waits + LeaseTerms.Reclaim - 1;
        Assert.AreEqual((0L, LeaseAnswer.NotYet), Of(await LeaseAsync(second, rule, 1, 1)));
        _now += 1;
        Assert.AreEqual((0L, 0L), Of(await LeaseAsync(second, rule, 1, 1)));
        _now += Second / 2;
        Assert.AreEqual((5L, 0L), Of(await LeaseAsync(second, rule, 1, 10)));
    }

    [TestMethod]
    public async Task Who_takes_over_soon_after_a_loss_waits_as_well()
    {
        var rule = new BucketRule(Second / 10, 10);
        await LeaseAsync(await ClaimAsync(), rule, need: 1, want: 6);
        var second = await ClaimAsync();
        second.BeginAfterLoss([], _now + Tenure.Waits);
        _now += Second;
        var handed = second.Close(_now);
        Assert.IsNotNull(handed);
        Assert.IsFalse(handed.IsEmpty);
        var third = await ClaimAsync();
        third.TakeOver(handed, _now);
        Assert.AreEqual((0L, LeaseAnswer.NotYet), Of(await LeaseAsync(third, rule, 1, 1)));
        _now += Tenure.Waits + LeaseTerms.Reclaim - Second;
        Assert.AreEqual((0L, 0L), Of(await LeaseAsync(third, rule, 1, 1)));
    }

    [TestMethod]
    public async Task One_that_was_declared_dead_claims_nothing()
    {
        await ClaimAsync();
        var dead = _silo ?? "";
        await ClaimAsync();
        await Assert.ThrowsExactlyAsync<EngineException>(async () => await _engine.Shards.ClaimAsync(7, dead, _cluster.Cluster, _epoch, 0, CancellationToken.None));
        Assert.IsTrue(await _engine.Shards.HoldsAsync(7, _epoch, CancellationToken.None));
    }

    [TestMethod]
    public async Task A_claim_that_comes_late_changes_nothing()
    {
        await ClaimAsync();
        var before = _epoch;
        await ClaimAsync();
        var late = await _engine.Shards.ClaimAsync(7, _silo ?? "", _cluster.Cluster, before, 0, CancellationToken.None);
        Assert.AreEqual(new ShardClaim(_epoch, IsClaimed: false, null, null, IsLost: false, null), late);
        Assert.IsTrue(await _engine.Shards.HoldsAsync(7, _epoch, CancellationToken.None));
    }

    [TestMethod]
    public async Task What_is_handed_over_before_it_is_written_down_is_written_down_by_the_successor()
    {
        var slow = new BucketRule(3600 * Second, 10);
        var first = await ClaimAsync();
        Assert.AreEqual(6, (await LeaseAsync(first, new BucketRule(Second, 10), need: 1, want: 6)).Granted);
        var second = await ClaimAsync();
        var answers = new LeaseAnswer[1];
        Assert.IsTrue(await first.LeaseAsync("edge", [new(Id, slow, 2, new(0, 0), [])], [0], answers, () => _now, _ => true, mayWrite: true), "It may not write any more.");
        var handed = first.Close(_now);
        Assert.IsNotNull(handed);
        Assert.IsEmpty(await _engine.Shards.ReservesAsync(7, CancellationToken.None));
        second.TakeOver(HandedShard.Read(handed.Write()), _now);
        Assert.IsTrue(await second.LeaseAsync("edge", [new(Id, slow, 2, new(0, 0), [])], [0], answers, () => _now, _ => true, mayWrite: true));
        Assert.IsInRange(0L, 4L, Assert.ContainsSingle(await _engine.Shards.ReservesAsync(7, CancellationToken.None)).Credit / slow.Interval);
    }

    [TestMethod]
    public async Task One_that_has_lost_its_shard_cannot_grant_what_has_to_be_written_down()
    {
        var rule = new BucketRule(3600 * Second, 100);
        var first = await ClaimAsync();
        Assert.AreEqual(5, (await LeaseAsync(first, rule, need: 1, want: 5)).Granted);
        await ClaimAsync();
        _now += 11 * Second;
        Assert.AreEqual((0L, LeaseAnswer.NotYet), Of(await LeaseAsync(first, rule, 1, 5)), "What it had reserved is used up or too old, and it may write no more.");
    }

    [TestMethod]
    public async Task What_a_bucket_has_left_that_is_made_slow_is_written_down_when_its_owner_hears_of_it()
    {
        var first = await ClaimAsync();
        Assert.AreEqual(6, (await LeaseAsync(first, new BucketRule(Second, 10), need: 1, want: 6)).Granted);
        var slow = new BucketRule(3600 * Second, 10);
        var answers = new LeaseAnswer[1];
        Assert.IsTrue(await first.LeaseAsync("edge", [new(Id, slow, 2, new(0, 0), [])], [0], answers, () => _now, _ => true, mayWrite: true), "It only reports.");
        var second = await ClaimAsync();
        second.BeginAfterLoss(await _engine.Shards.ReservesAsync(second.Number, CancellationToken.None), _now);
        _now += LeaseTerms.Reclaim;
        Assert.IsInRange(0, 4, (await LeaseAsync(second, slow, need: 1, want: 10)).Granted);
    }

    [TestMethod]
    public async Task Nobody_waits_for_a_database_that_is_away()
    {
        var shard = await ClaimAsync();
        var answers = new LeaseAnswer[1];
        Assert.IsTrue(await shard.LeaseAsync("edge", [new(Id, new BucketRule(3600 * Second, 10), 1, new(1, 5), [])], [0], answers, () => _now, _ => true, mayWrite: false));
        Assert.IsTrue(answers[0].IsBeginning, "It would have to be written down first.");
        Assert.IsEmpty(await _engine.Shards.ReservesAsync(shard.Number, CancellationToken.None));
    }

    [TestMethod]
    public async Task Of_a_bucket_that_fills_slowly_no_window_has_too_many_through_any_number_of_crashes()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var rule = new BucketRule(random.NextInt64(Second / 5, 2 * Second), random.NextInt64(60, 200));
            var id = Id with { Subject = $"client-{seed}" };
            var admitted = new List<(long At, long Tokens)>();
            var shard = await ClaimAsync();
            for (var step = 0; step < 120; step++)
            {
                _now += random.NextInt64(Second / 2);
                if (random.Next(15) == 0)
                {
                    shard = await ClaimAsync();
                    shard.BeginAfterLoss(await _engine.Shards.ReservesAsync(shard.Number, CancellationToken.None), _now);
                }
                var answer = await TryLeaseAsync(shard, rule, 1, random.NextInt64(1, 20), id);
                // They are spent as late as they may be, or at once.
                if (answer is { Granted: > 0 } some) admitted.Add((_now + (random.Next(2) * LeaseTerms.Lifetime), some.Granted));
            }
            foreach (var (start, _) in admitted)
            {
                var count = 0L;
                foreach (var (at, tokens) in admitted.Where(a => a.At >= start).OrderBy(a => a.At))
                {
                    count += tokens;
                    Assert.IsTrue((count - rule.Burst) * rule.Interval <= at - start, $"seed {seed}, {rule}: {count} in {at - start} ns");
                }
            }
            Assert.IsNotEmpty(admitted);
        }
    }

    private static (long Granted, long Level) Of(LeaseAnswer answer) => (answer.Granted, answer.Level);

    /// <summary>By a silo that has just joined; the one that claimed before is dead then.</summary>
    private async Task<Shard> ClaimAsync()
    {
        if (_silo is not null) await MemberRows.DeclareDeadAsync(_cluster, _silo);
        _silo = await MemberRows.AddAsync(_cluster, ++_port);
        var claim = await _engine.Shards.ClaimAsync(7, _silo, _cluster.Cluster, _epoch, 0, CancellationToken.None);
        Assert.IsTrue(claim.IsClaimed);
        Assert.IsNull(claim.Predecessor);
        Assert.IsGreaterThan(_epoch, claim.Epoch);
        _epoch = claim.Epoch;
        return new Shard(7, claim.Epoch, _engine.Shards);
    }

    private async Task<LeaseAnswer> LeaseAsync(Shard shard, BucketRule rule, long need, long want, params GrantReport[] reports) =>
        await TryLeaseAsync(shard, rule, need, want, Id, reports) ?? throw new InvalidOperationException("The shard is closed.");

    private Task<LeaseAnswer?> TryLeaseAsync(Shard shard, BucketRule rule, long need, long want) => TryLeaseAsync(shard, rule, need, want, Id);

    private async Task<LeaseAnswer?> TryLeaseAsync(Shard shard, BucketRule rule, long need, long want, BucketId id, params GrantReport[] reports)
    {
        var answers = new LeaseAnswer[1];
        return await shard.LeaseAsync("edge", [new(id, rule, 1, new(need, want), reports)], [0], answers, () => _now, _ => true, mayWrite: true) ? answers[0] : null;
    }
}
