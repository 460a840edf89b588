namespace Drizzle.Contracts.Usage;

/// <summary>What usage is told apart by.</summary>
/// <param name="Consumer">Empty where there was none.</param>
/// <param name="Service">Empty, with the route, for what was refused before one was found.</param>
/// <param name="Day">In UTC, by when the request ended.</param>
public readonly record struct UsageKey(string Tenant, string Consumer, string Service, string Route, DateOnly Day);

/// <param name="Requests">All that were the tenant's.</param>
/// <param name="Refused">Of these, those that the gateway answered itself because of the request: status 4xx.</param>
/// <param name="Errors">Of these, those that ended with a status of 5xx, the destination's or the gateway's.</param>
/// <param name="BytesIn">Of request bodies.</param>
/// <param name="BytesOut">Of answers' bodies.</param>
/// <param name="UpstreamMicroseconds">Time spent on destinations.</param>
public readonly record struct UsageCounts(long Requests, long Refused, long Errors, long BytesIn, long BytesOut, long UpstreamMicroseconds)
{
    public static UsageCounts operator +(UsageCounts a, UsageCounts b) => new(
        a.Requests + b.Requests, a.Refused + b.Refused, a.Errors + b.Errors, Saturated(a.BytesIn, b.BytesIn), Saturated(a.BytesOut, b.BytesOut), a.UpstreamMicroseconds + b.UpstreamMicroseconds);

    /// <summary>Sums of bytes stop here: a destination may state what it likes.</summary>
    public const long MostBytes = 4_000_000_000_000_000_000;

    private static long Saturated(long a, long b) => Math.Min(MostBytes, a + b);

    public static UsageCounts operator -(UsageCounts a, UsageCounts b) => new(
        a.Requests - b.Requests, a.Refused - b.Refused, a.Errors - b.Errors, a.BytesIn - b.BytesIn, a.BytesOut - b.BytesOut, a.UpstreamMicroseconds - b.UpstreamMicroseconds);
}

public sealed record UsageEntry(UsageKey Key, UsageCounts Counts);

/// <summary>What an edge counted since its last batch.</summary>
/// <param name="Id">By which a batch that is brought twice is known.</param>
public sealed record UsageBatch(Guid Id, string Edge, IReadOnlyList<UsageEntry> Entries)
{
    /// <summary>The most entries in one.</summary>
    public const int MostEntries = 5_000;
}
