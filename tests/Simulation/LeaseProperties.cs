using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using FsCheck;
using FsCheck.Fluent;

namespace Drizzle.Simulation;

/// <summary>What holds of the arithmetic whatever is done with it.</summary>
[TestClass]
public sealed class LeaseProperties
{
    private static readonly BucketRule Rule = new(1_000_000, 100);

    [TestMethod]
    public void Level_and_outstanding_never_exceed_the_burst_and_are_never_negative() => Check(steps =>
    {
        var bucket = LeasedBucket.Full(Rule, 0);
        var isSound = true;
        Walk(bucket, steps, now => isSound &= bucket.Level(now) >= 0 && bucket.Outstanding >= 0 && bucket.Level(now) + bucket.Outstanding <= bucket.Rule.Burst);
        return isSound;
    });

    [TestMethod]
    public void What_is_granted_in_a_walk_is_at_most_the_burst_and_the_refill() => Check(steps =>
    {
        var bucket = LeasedBucket.Full(Rule, 0);
        var (granted, returned, end) = Walk(bucket, steps, _ => { });
        return granted - returned <= Rule.Burst + (end / Rule.Interval);
    });

    [TestMethod]
    public void Reports_say_the_same_in_any_order_and_however_often_they_come() => Check(spent =>
    {
        var (inOrder, anyOrder) = (LeasedBucket.Full(Rule, 0), LeasedBucket.Full(Rule, 0));
        foreach (var bucket in new[] { inOrder, anyOrder }) bucket.Lease(new(1, 1), "edge", 50, 50, 0);
        foreach (var s in spent.Order()) inOrder.Report(1, Math.Abs((long)s) % 60, isFinal: false, 1);
        foreach (var s in spent.Concat(spent.Reverse())) anyOrder.Report(1, Math.Abs((long)s) % 60, isFinal: false, 1);
        var most = spent.Select(s => Math.Abs((long)s) % 60).DefaultIfEmpty(0).Max();
        return anyOrder.Outstanding == Math.Max(0, 50 - most) && anyOrder.Outstanding == inOrder.Outstanding;
    });

    [TestMethod]
    public void Nothing_is_taken_of_a_grant_twice() => Check(steps =>
    {
        var grant = new HeldGrant(new(1, 1), 100, expiresAt: 1000);
        var (reserved, committed) = (0L, 0L);
        foreach (var step in steps)
        {
            var cost = (Math.Abs((long)step) % 7) + 1;
            if (step % 3 == 0 && reserved >= cost)
            {
                grant.Cancel(cost);
                reserved -= cost;
            }
            else if (step % 3 == 1 && reserved >= cost)
            {
                grant.Commit(cost);
                (reserved, committed) = (reserved - cost, committed + cost);
            }
            else if (grant.TryReserve(cost, now: 0)) reserved += cost;
            if (grant.Report().Spent != committed || grant.Left + reserved + committed != 100) return false;
        }
        return grant.Close() is { } last && last.Spent == reserved + committed && grant.Close() is null && !grant.TryReserve(1, 0);
    });

    private static void Check(Func<int[], bool> holds) => Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    /// <summary>Each number is one step: a lease, a report, a last report, or a change of time alone.</summary>
    private static (long Granted, long Returned, long End) Walk(LeasedBucket bucket, int[] steps, Action<long> look)
    {
        long now = 0, number = 0, granted = 0, returned = 0;
        foreach (var step in steps)
        {
            var value = Math.Abs((long)step);
            now += value % 20_000_000;
            switch (value % 4)
            {
                case 0:
                    granted += bucket.Lease(new(1, ++number), $"edge {value % 3}", 1 + (value % 5), 1 + (value % 40), now).Granted;
                    break;
                case 1:
                    bucket.Report(1 + (value % (number + 1)), value % 50, isFinal: false, now);
                    break;
                case 2:
                    var level = bucket.Level(now);
                    bucket.Report(1 + (value % (number + 1)), value % 50, isFinal: true, now);
                    returned += Math.Max(0, bucket.Level(now) - level);
                    break;
            }
            look(now);
        }
        return (granted, returned, now);
    }
}
