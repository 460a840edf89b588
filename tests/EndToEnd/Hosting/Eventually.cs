using System.Diagnostics;

namespace Drizzle.EndToEnd.Hosting;

/// <summary>Waits for what another process does.</summary>
internal static class Eventually
{
    /// <summary>Longer than anything takes on a busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    public static Task TrueAsync(string what, Func<bool> condition, TimeSpan? patience = null) => TrueAsync(what, () => Task.FromResult(condition()), patience);

    /// <summary>Fails the test where it does not come true in time.</summary>
    public static async Task TrueAsync(string what, Func<Task<bool>> condition, TimeSpan? patience = null)
    {
        var most = patience ?? Patience;
        var startedAt = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Step, TimeProvider.System);
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(startedAt) > most) Assert.Fail($"Waited {most} in vain: {what}.");
            await timer.WaitForNextTickAsync();
        }
    }
}
