namespace Drizzle.Contracts.Limits.Leases;

/// <summary>What an edge knows of an owner that has too little. Instants in nanoseconds of a clock that never runs backwards.</summary>
/// <param name="Need">So many tokens were asked for.</param>
/// <param name="NeedIsThereAt">When as many are there, if nobody else takes them.</param>
/// <param name="Interval">One fewer is there so much earlier.</param>
/// <param name="RefusesUntil">Before that there is not enough for all who ask, whatever each needs.</param>
/// <param name="AskAt">When the owner is asked again, though it may still have too little.</param>
internal sealed record Shortage(long Need, long NeedIsThereAt, long Interval, long RefusesUntil, long AskAt)
{
    /// <summary>After so long the owner is asked in any case, because somebody may have given back, or filled the bucket by hand.</summary>
    private const long AskAgain = 1_000_000_000;

    public static readonly Shortage None = new(0, 0, 0, 0, 0);

    /// <param name="lasts">How long the owner said that it has fewer than needed.</param>
    /// <param name="refusesFor">How long there is not enough for all who ask.</param>
    public static Shortage Of(long need, long lasts, long refusesFor, in BucketRule rule, long now) =>
        new(need, now + lasts, rule.Interval, now + refusesFor, now + Math.Min(Math.Max(lasts, refusesFor), AskAgain));

    public long EndsAt => Math.Max(NeedIsThereAt, RefusesUntil);

    /// <summary>The instant before which a request that needs so many is refused.</summary>
    public long EndsFor(long cost) => cost >= Need ? EndsAt : Math.Max(NeedIsThereAt - ((Need - cost) * Interval), RefusesUntil);
}
