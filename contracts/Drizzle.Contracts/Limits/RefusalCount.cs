namespace Drizzle.Contracts.Limits;

/// <summary>How many requests a bucket refused in the last minute, give or take ten seconds. For any number of threads.</summary>
public sealed class RefusalCount
{
    /// <summary>A minute is counted in so many parts.</summary>
    public const int Parts = 6;

    /// <summary>Nanoseconds of one part.</summary>
    public const long Part = 60_000_000_000 / Parts;

    private readonly long[] _numbers = new long[Parts];
    private readonly long[] _counts = new long[Parts];

    public void Add(long now, long count = 1)
    {
        var number = now / Part;
        var at = (int)(number % Parts);
        // Two threads that begin a part at once may lose a refusal: it is for people to look at.
        if (Volatile.Read(ref _numbers[at]) != number)
        {
            Volatile.Write(ref _counts[at], 0);
            Volatile.Write(ref _numbers[at], number);
        }
        Interlocked.Add(ref _counts[at], count);
    }

    public long LastMinute(long now)
    {
        var oldest = (now / Part) - Parts + 1;
        var sum = 0L;
        for (var i = 0; i < Parts; i++)
        {
            if (Volatile.Read(ref _numbers[i]) >= oldest) sum += Volatile.Read(ref _counts[i]);
        }
        return sum;
    }
}
