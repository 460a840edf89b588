namespace Drizzle.Benchmarks.Output;

/// <summary>Figures about figures.</summary>
internal static class Samples
{
    private const int Resamples = 3000;

    public static double Median(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) return double.NaN;
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The 95 % bootstrap interval of the median. The same values give the same interval.</summary>
    public static (double Low, double High) Interval(IReadOnlyList<double> values)
    {
        if (values.Count == 0) return (double.NaN, double.NaN);
        // Chance that repeats is what is wanted here.
        var chance = new Random(1);
        var medians = new double[Resamples];
        var drawn = new double[values.Count];
        for (var i = 0; i < Resamples; i++)
        {
            for (var j = 0; j < drawn.Length; j++) drawn[j] = values[chance.Next(values.Count)];
            medians[i] = Median(drawn);
        }
        Array.Sort(medians);
        return (medians[Resamples * 25 / 1000], medians[(Resamples * 975 / 1000) - 1]);
    }

    /// <param name="sorted">In rising order.</param>
    /// <param name="share">0.99 for the 99th percentile.</param>
    public static double Percentile(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];

    /// <summary>A ratio with its interval, for a table.</summary>
    public static string Ratio(IReadOnlyList<double> ratios)
    {
        var (low, high) = Interval(ratios);
        return $"{Median(ratios):F3} ({low:F3}-{high:F3})";
    }
}
