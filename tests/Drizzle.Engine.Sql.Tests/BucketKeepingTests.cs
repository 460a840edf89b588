using Drizzle.Contracts.Limits;
using Drizzle.Testing;

namespace Drizzle.Engine.Sql.Tests;

/// <summary>What the next life of one process knows of the buckets of the last.</summary>
[TestClass]
public sealed class BucketKeepingTests
{
    private static readonly BucketRule Quick = new(Interval: 100_000_000, Burst: 10);
    private static readonly BucketRule Slow = new(Interval: 3_600_000_000_000, Burst: 10);

    private readonly FakeClock _clock = new();

    [TestMethod]
    public async Task An_end_in_good_order_keeps_every_bucket()
    {
        using var folder = new DataFolder();
        await using (var engine = await OpenAsync(folder.Path))
        {
            Assert.AreEqual(3, Left(engine, "slow", Slow, 7));
            Assert.AreEqual(1, Left(engine, "quick", Quick, 9));
        }
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        await using var again = await OpenAsync(folder.Path);
        Assert.AreEqual(3, Left(again, "slow", Slow, 0));
        Assert.AreEqual(3, Left(again, "quick", Quick, 0));
        Assert.AreEqual(10, Left(again, "new", Quick, 0));
    }

    [TestMethod]
    public async Task After_a_crash_what_is_slow_is_as_it_was_a_second_before_and_what_is_quick_begins_empty()
    {
        using var folder = new DataFolder();
        await using var engine = await OpenAsync(folder.Path);
        Left(engine, "slow", Slow, 7);
        Left(engine, "filled", Slow, 10);
        await KeptAsync(folder, "name = 'slow' OR name = 'filled'", 2);
        await engine.LiveBuckets.FillAsync(new("filled", ""), 4, new("acme", "tester", null, "limit.granted"), CancellationToken.None);
        Left(engine, "late", Slow, 1);
        await KeptAsync(folder, "name = 'late'", 1);
        Left(engine, "slow", Slow, 1);
        using var copy = new DataFolder();
        Directory.CreateDirectory(copy.Path);
        foreach (var file in Directory.GetFiles(folder.Path, "drizzle.db*")) Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await using var next = await OpenAsync(copy.Path);
        Assert.AreEqual(3, Left(next, "slow", Slow, 0), "What was taken in the last second is not known.");
        Assert.AreEqual(4, Left(next, "filled", Slow, 0));
        Assert.AreEqual(9, Left(next, "late", Slow, 0));
        Assert.AreEqual(10, Left(next, "other", Slow, 0));
        Assert.AreEqual(0, Left(next, "quick", Quick, 0));
        _clock.Advance(TimeSpan.FromMilliseconds(300));
        Assert.AreEqual(3, Left(next, "quick", Quick, 0));
    }

    [TestMethod]
    public async Task What_could_not_be_written_down_is_written_when_it_can_be()
    {
        using var folder = new DataFolder();
        await using var engine = await OpenAsync(folder.Path);
        folder.Sql("CREATE TRIGGER full BEFORE INSERT ON buckets WHEN NEW.name = 'early' BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        Left(engine, "early", Slow, 7);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Left(engine, "late", Slow, 7);
        folder.Sql("DROP TRIGGER full");
        await KeptAsync(folder, "name = 'early' OR name = 'late'", 2);
    }

    private Task KeptAsync(DataFolder folder, string which, int count) => Eventually.TrueAsync(
        () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(folder.Sql($"SELECT count(*) FROM buckets WHERE {which}") == $"{count}");
        },
        $"{which} is kept");

    private Task<SqliteEngine> OpenAsync(string folder) => SqliteEngine.OpenAsync(folder, _clock, CancellationToken.None);

    private static long Left(SqliteEngine engine, string limit, BucketRule rule, long cost)
    {
        var answers = new BucketAnswer[1];
        engine.Buckets.Charge([new(new(limit, ""), rule, cost)], answers);
        return answers[0].Remaining;
    }

    private static void Copy(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var target = File.Create(to);
        source.CopyTo(target);
    }
}
