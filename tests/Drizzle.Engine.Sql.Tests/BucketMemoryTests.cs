using System.Runtime.CompilerServices;
using Drizzle.Contracts.Limits;
using Drizzle.Testing;

namespace Drizzle.Engine.Sql.Tests;

[TestClass]
[DoNotParallelize]
public sealed class BucketMemoryTests
{
    private const int Million = 1_000_000;
    private static readonly string[] Limits = [.. Enumerable.Range(0, Million / BucketId.MostOfOneLimit).Select(i => $"acme/plan:{i}")];

    [TestMethod]
    public async Task A_million_idle_buckets_are_kept_in_150_bytes_each_with_their_subjects_names()
    {
        using var folder = new DataFolder();
        var clock = new FakeClock();
        await using var engine = await SqliteEngine.OpenAsync(folder.Path, clock, CancellationToken.None);
        var rule = new BucketRule(Interval: 1_000_000_000, Burst: 1_000);
        var answers = new BucketAnswer[1];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Million; i++) engine.Buckets.Charge([new(Id(i), rule, 1)], answers);
        Assert.IsLessThanOrEqualTo(150, (GC.GetTotalMemory(forceFullCollection: true) - before) / Million);
        Assert.IsTrue(Enumerable.Range(0, Million).All(i => engine.Buckets.Look(new(Id(i), rule, 0)).Remaining == 999));
        // They are full again, so that the end writes none of them down.
        clock.Advance(TimeSpan.FromSeconds(1));
    }

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

    private static BucketId Id(int number) => new(Limits[number / BucketId.MostOfOneLimit], $"client-{number % BucketId.MostOfOneLimit:D5}");

    /// <returns>The subject, which the bucket alone keeps alive.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Charge(SqliteEngine engine, string limit, BucketRule rule)
    {
        var subject = new string('s', 20);
        Assert.IsTrue(engine.Buckets.Charge([new(new(limit, subject), rule, 5)], new BucketAnswer[1]).IsAdmitted);
        return new WeakReference(subject);
    }
}
