using System.Diagnostics.CodeAnalysis;

namespace Drizzle.Simulation;

/// <summary>A request that waits for tokens.</summary>
internal sealed record WaitingRequest(int Buckets, long Cost, long Deadline);

/// <summary>Requests that wait, in the order in which they came, and what they want of each bucket.</summary>
internal sealed class WaitingRequests(int buckets, int largestCost)
{
    private readonly Queue<WaitingRequest> _queue = new();

    // How many want so much of a bucket, by bucket and cost.
    private readonly int[][] _counts = [.. Enumerable.Range(0, buckets).Select(_ => new int[largestCost + 1])];

    public int Count => _queue.Count;

    public void Add(WaitingRequest request)
    {
        _queue.Enqueue(request);
        for (var i = 0; i < request.Buckets; i++) _counts[i][request.Cost]++;
    }

    /// <summary>The oldest, if it may wait no longer.</summary>
    public bool TryTakeOverdue(long now, [NotNullWhen(true)] out WaitingRequest? request)
    {
        request = null;
        return _queue.TryPeek(out var oldest) && oldest.Deadline <= now && TryTake(out request);
    }

    public bool TryTake([NotNullWhen(true)] out WaitingRequest? request)
    {
        if (!_queue.TryDequeue(out request)) return false;
        for (var i = 0; i < request.Buckets; i++) _counts[i][request.Cost]--;
        return true;
    }

    public void Clear()
    {
        _queue.Clear();
        foreach (var counts in _counts) Array.Clear(counts);
    }

    /// <summary>Tokens that are wanted of a bucket, the least that one request wants, 1 where none does, and the most.</summary>
    public (long All, long Smallest, long Largest) Of(int bucket)
    {
        var (all, smallest, largest) = (0L, 0L, 0L);
        for (var cost = 1; cost <= largestCost; cost++)
        {
            if (_counts[bucket][cost] == 0) continue;
            all += (long)cost * _counts[bucket][cost];
            if (smallest == 0) smallest = cost;
            largest = cost;
        }
        return (all, Math.Max(1, smallest), largest);
    }
}
