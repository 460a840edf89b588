namespace Drizzle.Benchmarks.Load;

/// <summary>Requests at a steady rate, each sent when it is due whether the one before has been answered or not.</summary>
internal static class SteadyRate
{
    /// <summary>Until it is cancelled, and all that was sent has been answered.</summary>
    /// <param name="askAsync">Sends one; told its number.</param>
    public static async Task RunAsync(int perSecond, Func<int, Task> askAsync, Session session, CancellationToken cancellation)
    {
        var (startedAt, asked, open) = (session.Clock.GetTimestamp(), 0, new List<Task>());
        while (!cancellation.IsCancellationRequested)
        {
            for (var due = (int)(session.Clock.GetElapsedTime(startedAt).TotalSeconds * perSecond); asked < due; asked++) open.Add(askAsync(asked));
            open.RemoveAll(t => t.IsCompletedSuccessfully);
            await Task.Delay(TimeSpan.FromMilliseconds(1), session.Clock, CancellationToken.None);
        }
        await Task.WhenAll(open);
    }
}
