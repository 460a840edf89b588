namespace Drizzle.Edge.Limits;

/// <summary>
/// What this edge holds of something that is owned elsewhere, and requests wait for more of. Who asks for it takes its lock; requests that find enough in
/// hand do not.
/// </summary>
internal abstract class Awaited
{
    private TaskCompletionSource? _nextAnswer;

    // How many requests wait, by what each costs; null where none does.
    private SortedDictionary<long, int>? _waiting;
    private int _isQueued;

    protected Lock Asking { get; } = new();

    /// <summary>Tokens that requests wait for.</summary>
    protected long Waiting { get; private set; }

    /// <summary>The least that one of these needs.</summary>
    protected long Smallest => _waiting is null ? long.MaxValue : _waiting.Keys.First();

    /// <summary>The most that one of these needs; 0 where none waits.</summary>
    protected long Largest => _waiting is null ? 0 : _waiting.Keys.Last();

    /// <summary>Completed when the owner has answered, or fails to.</summary>
    public Task NextAnswer()
    {
        lock (Asking) return (_nextAnswer ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    public void Waits(long cost)
    {
        lock (Asking)
        {
            Waiting += cost;
            _waiting ??= [];
            _waiting[cost] = _waiting.GetValueOrDefault(cost) + 1;
        }
    }

    /// <param name="cost">Of a request that <see cref="Waits"/> was told of.</param>
    public void WaitsNoMore(long cost)
    {
        lock (Asking)
        {
            Waiting -= cost;
            if (--_waiting![cost] == 0) _waiting.Remove(cost);
            if (_waiting.Count == 0) _waiting = null;
        }
    }

    /// <returns>Whether it was not in the queue yet.</returns>
    public bool TryQueue() => Interlocked.Exchange(ref _isQueued, 1) == 0;

    /// <summary>It was taken out of the queue, and may be put there again.</summary>
    public void Dequeued() => Volatile.Write(ref _isQueued, 0);

    /// <summary>Whether it is time to ask for more, as far as can be told at a glance.</summary>
    public abstract bool IsLow(long now);

    /// <summary>No answer came.</summary>
    public abstract void Lost();

    /// <summary>Under the lock.</summary>
    protected void Signal()
    {
        _nextAnswer?.TrySetResult();
        _nextAnswer = null;
    }
}
