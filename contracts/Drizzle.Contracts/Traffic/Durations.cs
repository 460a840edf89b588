using System.Numerics;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Traffic;

/// <summary>
/// How long requests took, counted in buckets of which two make a doubling: below 128 µs, below 192 µs, below 256 µs, and so on up to a minute and more.
/// </summary>
public static class Durations
{
    /// <summary>How many buckets there are.</summary>
    public const int Buckets = 40;

    // Of 64 µs each, so that an index is the place of the highest bit and the bit after it.
    private const long Unit = 64 * TimeSpan.TicksPerMicrosecond;

    /// <summary>The bucket of a duration.</summary>
    public static int IndexOf(TimeSpan duration)
    {
        var units = (ulong)Math.Max(0, duration.Ticks / Unit);
        if (units < 2) return 0;
        var octave = BitOperations.Log2(units);
        return Math.Min(Buckets - 1, (2 * octave) - 1 + (int)((units >> (octave - 1)) & 1));
    }

    /// <summary>Where a bucket begins.</summary>
    public static TimeSpan StartOf(int bucket)
    {
        if (bucket == 0) return TimeSpan.Zero;
        var (octave, half) = ((bucket + 1) / 2, (bucket + 1) % 2);
        return new TimeSpan(Unit * ((1L << octave) + (half << (octave - 1))));
    }

    /// <summary>The duration that a part of them does not exceed, taken as even inside a bucket; null where nothing is counted.</summary>
    /// <param name="counts">By bucket; what is missing at the end is none.</param>
    /// <param name="part">Such as 0.99.</param>
    public static TimeSpan? Quantile(IReadOnlyList<long> counts, double part)
    {
        var all = counts.Sum();
        if (all <= 0) return null;
        var wanted = part * all;
        var last = 0;
        for (var bucket = 0; bucket < counts.Count; bucket++)
        {
            if (counts[bucket] <= 0) continue;
            last = bucket;
            if (wanted <= counts[bucket]) return StartOf(bucket) + ((StartOf(bucket + 1) - StartOf(bucket)) * (wanted / counts[bucket]));
            wanted -= counts[bucket];
        }
        return StartOf(last + 1);
    }

    /// <summary>Without the empty buckets at the end.</summary>
    public static ValueList<long> Shortened(ReadOnlySpan<long> counts) => ValueList.Create(counts[..(counts.LastIndexOfAnyExcept(0L) + 1)]);
}
