namespace Drizzle.Testing;

/// <summary>Waits for a state that other threads or processes bring about, and no longer than a test may take.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(5);

    /// <exception cref="TimeoutException">It did not come about; the message says what was waited for.</exception>
    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    /// <exception cref="TimeoutException">It did not come about; the message says what was waited for.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(startedAt) > Patience) throw new TimeoutException($"Waited {Patience} in vain: {what}");
            await Task.Delay(Between, TimeProvider.System);
        }
    }

    /// <summary>Waits for something that should end by itself.</summary>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Patience, TimeProvider.System);

    /// <inheritdoc cref="Soon{T}"/>
    public static Task Soon(this Task task) => task.WaitAsync(Patience, TimeProvider.System);
}
