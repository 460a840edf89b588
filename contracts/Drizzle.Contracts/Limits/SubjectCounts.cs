using System.Collections.Concurrent;

namespace Drizzle.Contracts.Limits;

/// <summary>
/// How many subjects of each limit are kept. A flood of subjects of one limit, such as client ids made up at random, uses up the room of that limit alone; the
/// room of all is bounded too.
/// </summary>
/// <param name="most">Of all limits together.</param>
/// <param name="mostOfOne">Of one limit.</param>
public sealed class SubjectCounts(int most, int mostOfOne)
{
    private readonly ConcurrentDictionary<string, int[]> _byLimit = new(StringComparer.Ordinal);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>How many subjects of one limit are kept.</summary>
    public int CountOf(string limit) => _byLimit.TryGetValue(limit, out var kept) ? Volatile.Read(ref kept[0]) : 0;

    /// <summary>Whether another subject of this limit may be kept by itself; otherwise it shares with others.</summary>
    public bool HasRoom(string limit) => Count < most && CountOf(limit) < mostOfOne;

    /// <summary>One more is kept.</summary>
    public void Add(string limit)
    {
        Interlocked.Increment(ref _count);
        Interlocked.Increment(ref _byLimit.GetOrAdd(limit, static _ => new int[1])[0]);
    }

    /// <summary>One is kept no more.</summary>
    public void Remove(string limit)
    {
        Interlocked.Decrement(ref _count);
        if (_byLimit.TryGetValue(limit, out var kept)) Interlocked.Decrement(ref kept[0]);
    }
}
