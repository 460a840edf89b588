using Drizzle.Benchmarks.Machine;

namespace Drizzle.Benchmarks.Load;

/// <summary>Requests at a steady rate, each sent when it is due whether the one before has been answered or not.</summary>
internal static class SteadyRate
{
    private const long Second = 1_000_000_000;

    // So that it sees that it is to end.
    private const long LongestWait = Second / 10;

    /// <summary>Until it is cancelled, and all that was sent has been answered.</summary>
    /// <param name="askAsync">Sends one; told its number. Called by one thread.</param>
    public static async Task RunAsync(int perSecond, Func<int, Task> askAsync, Session session, CancellationToken cancellation)
    {
        var sending = Task.Factory.StartNew(() => Send(perSecond, askAsync, session, cancellation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(await sending);
    }

    /// <summary>On a thread of its own, because timers come a millisecond apart, and all that is due by then would be sent at once.</summary>
    /// <returns>Those that may not have been answered yet.</returns>
    private static List<Task> Send(int perSecond, Func<int, Task> askAsync, Session session, CancellationToken cancellation)
    {
        var (startedAt, asked, open) = (session.Clock.GetTimestamp(), 0, new List<Task>());
        while (!cancellation.IsCancellationRequested)
        {
            var elapsed = (long)(session.Clock.GetElapsedTime(startedAt).TotalSeconds * Second);
            for (var due = elapsed * perSecond / Second; asked < due; asked++) open.Add(askAsync(asked));
            open.RemoveAll(t => t.IsCompletedSuccessfully);
            var wait = Math.Clamp(((asked + 1) * Second / perSecond) - elapsed, 0, LongestWait);
            _ = Native.Poll([], 0, new() { Nanoseconds = wait }, 0);
        }
        return open;
    }
}
