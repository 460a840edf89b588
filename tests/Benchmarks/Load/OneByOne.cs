using System.Diagnostics;
using Drizzle.Benchmarks.Output;

namespace Drizzle.Benchmarks.Load;

/// <summary>Times something short, each by itself in one thread, the clock's own time taken off.</summary>
internal static class OneByOne
{
    /// <param name="P50">Microseconds, the median of the rounds' medians.</param>
    /// <param name="P99">Microseconds, the median of the rounds' 99th percentiles.</param>
    /// <param name="Bytes">Allocated by one, in the median of the rounds.</param>
    public readonly record struct Figures(double P50, double P99, double Bytes);

    public static Figures Measure(Action action, int count, int rounds, CancellationToken cancellation)
    {
        var (halves, tails, bytes) = (new List<double>(), new List<double>(), new List<double>());
        var times = new long[count];
        var clock = ClockTicks();
        // The first round is for the compiler.
        for (var round = 0; round <= rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < count; i++)
            {
                var start = Stopwatch.GetTimestamp();
                action();
                times[i] = Stopwatch.GetTimestamp() - start;
            }
            if (round == 0) continue;
            bytes.Add((GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)count);
            Array.Sort(times);
            halves.Add(Microseconds(times[count / 2] - clock));
            tails.Add(Microseconds(times[count * 99 / 100] - clock));
        }
        return new(Samples.Median(halves), Samples.Median(tails), Samples.Median(bytes));
    }

    private static double Microseconds(long ticks) => Math.Max(0, ticks) * 1e6 / Stopwatch.Frequency;

    /// <summary>What asking twice for the time takes.</summary>
    private static long ClockTicks()
    {
        var least = long.MaxValue;
        for (var i = 0; i < 1000; i++)
        {
            var start = Stopwatch.GetTimestamp();
            least = Math.Min(least, Stopwatch.GetTimestamp() - start);
        }
        return least;
    }
}
