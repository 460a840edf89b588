namespace Drizzle.Contracts.Parallelism;

/// <summary>For loops that do something now and then until they are told to end.</summary>
public static class Pause
{
    /// <summary>Timers know whole milliseconds and drop the rest of one: who waits for the rest again and again would spin.</summary>
    /// <param name="nanoseconds">How long to wait at least.</param>
    /// <returns>A time for a timer, at least a millisecond.</returns>
    public static TimeSpan AtLeast(long nanoseconds) => TimeSpan.FromMilliseconds((Math.Max(1, nanoseconds) + 999_999) / 1_000_000);

    /// <returns>False where the loop is to end.</returns>
    public static async Task<bool> PauseAsync(this TimeProvider clock, TimeSpan time, CancellationToken ending)
    {
        await Task.Delay(time, clock, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !ending.IsCancellationRequested;
    }
}
