using Drizzle.Contracts.Traffic;

namespace Drizzle.Contracts.Tests.Traffic;

[TestClass]
public sealed class DurationsTests
{
    [TestMethod]
    public void Each_duration_is_in_the_bucket_that_begins_at_or_before_it_and_ends_after_it()
    {
        for (var microseconds = 0L; microseconds < 300_000_000; microseconds = (microseconds * 21 / 20) + 1)
        {
            var duration = TimeSpan.FromMicroseconds(microseconds);
            var bucket = Durations.IndexOf(duration);
            Assert.IsLessThan(Durations.Buckets, bucket);
            Assert.IsLessThanOrEqualTo(duration, Durations.StartOf(bucket));
            if (bucket < Durations.Buckets - 1) Assert.IsGreaterThan(duration, Durations.StartOf(bucket + 1));
        }
        Assert.AreEqual(0, Durations.IndexOf(TimeSpan.FromSeconds(-1)));
        Assert.AreEqual(Durations.Buckets - 1, Durations.IndexOf(TimeSpan.MaxValue));
        Assert.IsGreaterThan(TimeSpan.FromSeconds(50), Durations.StartOf(Durations.Buckets - 1));
    }

    [TestMethod]
    public void Quantiles_are_near_those_of_the_durations_themselves()
    {
        var random = new Random(7);
        var times = Enumerable.Range(0, 20_000).Select(_ => TimeSpan.FromMilliseconds(Math.Exp(random.NextDouble() * 6))).Order().ToArray();
        var counts = new long[Durations.Buckets];
        foreach (var time in times) counts[Durations.IndexOf(time)]++;
        foreach (var part in new[] { 0.01, 0.5, 0.9, 0.99 })
        {
            var exact = times[(int)(part * times.Length)];
            var told = Durations.Quantile(counts, part) ?? TimeSpan.Zero;
            Assert.AreEqual(1, told / exact, 0.1, $"{part}: {told} for {exact}");
        }
    }

    [TestMethod]
    public void Of_nothing_there_is_no_quantile_and_empty_buckets_at_the_end_are_left_out()
    {
        Assert.IsNull(Durations.Quantile([], 0.5));
        Assert.IsNull(Durations.Quantile(new long[Durations.Buckets], 0.5));
        Assert.AreEqual<Contracts.Values.ValueList<long>>([0, 4], Durations.Shortened([0, 4, 0, 0]));
        Assert.AreEqual(0, Durations.Shortened([]).Count);
        Assert.AreEqual(Durations.StartOf(2), Durations.Quantile(Durations.Shortened([0, 4, 0, 0]), 1));
    }
}
