namespace Drizzle.Contracts.Limits.Leases;

/// <summary>What an edge knows of an owner that has too little. Instants in nanoseconds of a clock that never runs backwards.</summary>
/// <param name="Need">So many tokens were asked for.</param>
/// <param name="NeedIsThereAt">When as many are there, if nobody else takes them.</param>
/// <param name="Interval">One fewer is there so much earlier.</param>
/// <param name="RefusesUntil">Before that there is not enough for all who ask, whatever each needs.</param>
/// <param name="AskAt">When the owner is asked again, though it may still have too little.</param>
/// <param name="BeginsUntil">Before that it is short because it has begun anew.</param>
internal sealed record Shortage(long Need, long NeedIsThereAt, long Interval, long RefusesUntil, long AskAt, long BeginsUntil)
{
    /// <summary>After so long the owner is asked in any case, because somebody may have given back, or filled the bucket by hand.</summary>
    private const long AskAgain = 1_000_000_000;

    /// <summary>No owner begins later than so long after it has said so; what it says beyond that is how long the bucket takes to fill.</summary>
    private const long LongestBeginning = 5 * LeaseTerms.Lifetime;

    public static readonly Shortage None = new(0, 0, 0, 0, 0, 0);

    /// <param name="lasts">How long the owner said that it has fewer than needed.</param>
    /// <param name="refusesFor">How long there is not enough for all who ask.</param>
    /// <param name="isBeginning">Whether that is because it has begun anew.</param>
    public static Shortage Of(long need, long lasts, long refusesFor, bool isBeginning, in BucketRule rule, long now) => new(
        need, now + lasts, rule.Interval, now + refusesFor, now + Math.Min(Math.Max(lasts, refusesFor), AskAgain), isBeginning ? now + Math.Min(lasts, LongestBeginning) : 0);

    public long EndsAt => Math.Max(NeedIsThereAt, RefusesUntil);

    /// <summary>The instant before which a request that needs so many is refused.</summary>
    public long EndsFor(long cost) => cost >= Need ? EndsAt : Math.Max(NeedIsThereAt - ((Need - cost) * Interval), RefusesUntil);
}
