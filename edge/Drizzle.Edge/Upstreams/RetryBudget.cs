namespace Drizzle.Edge.Upstreams;

/// <summary>Lets at most a fifth of a service's requests be tried again, beyond the first ten.</summary>
internal sealed class RetryBudget
{
    private const int PerRequest = 1;
    private const int PerRetry = 5;
    private const int Most = 10 * PerRetry;

    private int _balance = Most;

    public void RequestStarted()
    {
        var seen = Volatile.Read(ref _balance);
        // A lost race loses a fifth of a retry, which no one misses.
        if (seen < Most) Interlocked.CompareExchange(ref _balance, seen + PerRequest, seen);
    }

    public bool TryRetry()
    {
        while (true)
        {
            var seen = Volatile.Read(ref _balance);
            if (seen < PerRetry) return false;
            if (Interlocked.CompareExchange(ref _balance, seen - PerRetry, seen) == seen) return true;
        }
    }
}
