namespace Drizzle.Contracts.Telemetry;

/// <summary>One line of a family: a value, or the buckets of a histogram. Changed without a lock.</summary>
internal sealed class MetricSeries(MetricKind kind)
{
    /// <summary>Upper bounds in seconds.</summary>
    public static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly long[]? _buckets = kind == MetricKind.Histogram ? new long[Bounds.Length + 1] : null;
    private double _value;

    /// <summary>A counter's or gauge's value, or the sum of what a histogram saw.</summary>
    public double Value => Volatile.Read(ref _value);

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        if (_buckets is not null)
        {
            var bucket = Array.BinarySearch(Bounds, value);
            Interlocked.Increment(ref _buckets[bucket < 0 ? ~bucket : bucket]);
        }
        double seen;
        do seen = Volatile.Read(ref _value);
        while (BitConverter.DoubleToInt64Bits(Interlocked.CompareExchange(ref _value, seen + value, seen)) != BitConverter.DoubleToInt64Bits(seen));
    }

    /// <summary>Counts up to each bound, and last all.</summary>
    public long[] Cumulative()
    {
        var counts = (long[])(_buckets ?? []).Clone();
        for (var i = 1; i < counts.Length; i++) counts[i] += counts[i - 1];
        return counts;
    }
}
