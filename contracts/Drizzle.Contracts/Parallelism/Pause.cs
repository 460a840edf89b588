namespace Drizzle.Contracts.Parallelism;

/// <summary>For loops that do something now and then until they are told to end.</summary>
public static class Pause
{
    /// <returns>False where the loop is to end.</returns>
    public static async Task<bool> PauseAsync(this TimeProvider clock, TimeSpan time, CancellationToken ending)
    {
        await Task.Delay(time, clock, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !ending.IsCancellationRequested;
    }
}
