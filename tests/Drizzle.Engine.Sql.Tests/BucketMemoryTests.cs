using System.Runtime.CompilerServices;
using Drizzle.Contracts.Limits;
using Drizzle.Testing;

namespace Drizzle.Engine.Sql.Tests;

[TestClass]
public sealed class BucketMemoryTests
{
    [TestMethod]
    public async Task A_bucket_that_is_full_again_leaves_the_memory_and_another_stays()
    {
        using var folder = new DataFolder();
        var clock = new FakeClock();
        await using var engine = await SqliteEngine.OpenAsync(folder.Path, clock, CancellationToken.None);
        var quick = Charge(engine, "quick", new BucketRule(Interval: 1_000_000_000, Burst: 10));
        var slow = Charge(engine, "slow", new BucketRule(Interval: 3_600_000_000_000, Burst: 10));
        clock.Advance(TimeSpan.FromSeconds(61));
        GC.Collect();
        Assert.IsFalse(quick.IsAlive);
        Assert.IsTrue(slow.IsAlive);
    }

    /// <returns>The subject, which the bucket alone keeps alive.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Charge(SqliteEngine engine, string limit, BucketRule rule)
    {
        var subject = new string('s', 20);
        Assert.IsTrue(engine.Buckets.Charge([new(new(limit, subject), rule, 5)], new BucketAnswer[1]).IsAdmitted);
        return new WeakReference(subject);
    }
}
