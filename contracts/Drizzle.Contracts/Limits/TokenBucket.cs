using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Limits;

/// <summary>A bucket's rule: a token every <see cref="Interval"/> nanoseconds, at most <see cref="Burst"/> at once.</summary>
/// <param name="Interval">Nanoseconds a token, rounded up so that rounding never admits more.</param>
/// <param name="Burst">Tokens, at least 1.</param>
public readonly record struct BucketRule(long Interval, long Burst)
{
    /// <summary>The longest a bucket may take to fill, so that times stay within 64 bits: ten years.</summary>
    public const long LongestFill = 3650L * 86400 * 1_000_000_000;

    /// <summary>What fills within so many nanoseconds may begin empty after a crash, and is not worth writing down.</summary>
    public const long QuickFill = 10_000_000_000;

    /// <summary>Nanoseconds from empty to full.</summary>
    public long Fill => checked(Interval * Burst);

    /// <summary>Whether it takes longer to fill than <see cref="QuickFill"/>.</summary>
    public bool IsSlow => Fill > QuickFill;

    /// <summary>An equal part of it, for one of several that count apart; no slower than a token in the longest fill.</summary>
    /// <param name="sharers">How many there are, at least 1.</param>
    public BucketRule PartOf(int sharers) => new(Math.Min(Interval, LongestFill / sharers) * sharers, Math.Max(1, Burst / sharers));

    public static BucketRule Of(Rate rate, long burst)
    {
        var unit = rate.UnitSeconds * 1_000_000_000L;
        return new((unit + rate.Amount - 1) / rate.Amount, burst);
    }
}

/// <summary>What a bucket answered.</summary>
/// <param name="IsAdmitted">Whether the cost was taken.</param>
/// <param name="Until">The bucket's new state: the instant at which it is full again, in nanoseconds.</param>
/// <param name="Remaining">Whole tokens left.</param>
/// <param name="RetryAfter">Nanoseconds until the cost could be taken; 0 when it was, -1 when it never can be.</param>
public readonly record struct BucketAnswer(bool IsAdmitted, long Until, long Remaining, long RetryAfter);

/// <summary>
/// Token-bucket arithmetic over an instant that is given, in nanoseconds of a clock that never runs backwards.
/// A bucket's whole state is the instant at which it would be full; the level at <c>now</c> is <c>burst − (until − now) / interval</c>.
/// For every window (s,t): admissions ≤ burst + rate · (t − s).
/// </summary>
public static class TokenBucket
{
    /// <summary>A bucket that has never been used, or is full: any instant that has passed.</summary>
    public const long Full = 0;

    /// <summary>Takes <paramref name="cost"/> tokens or none.</summary>
    public static BucketAnswer Take(BucketRule rule, long until, long now, long cost)
    {
        var from = Math.Max(until, now);
        if (cost > rule.Burst) return new(false, until, Level(rule, until, now), -1);
        var next = from + (cost * rule.Interval);
        var over = next - now - rule.Fill;
        return over > 0
            ? new(false, until, Level(rule, until, now), over)
            : new(true, next, Level(rule, next, now), 0);
    }

    /// <summary>Whole tokens in the bucket, never negative.</summary>
    public static long Level(BucketRule rule, long until, long now) =>
        Math.Max(0, (rule.Fill - Math.Max(0, until - now)) / rule.Interval);

    /// <summary>
    /// The state under another rule: the whole tokens that are left, at most the new burst, so that a window which began before the change
    /// stays within the old rule.
    /// </summary>
    public static long Under(BucketRule before, BucketRule after, long until, long now)
    {
        var level = Math.Min(Level(before, until, now), after.Burst);
        return level == after.Burst ? Full : now + ((after.Burst - level) * after.Interval);
    }

    /// <summary>The state after <paramref name="cost"/> tokens that were taken are put back; never above full.</summary>
    /// <param name="held">
    /// Nanoseconds since they were taken. What these have refilled is not put back: the bucket may have been full meanwhile, and what
    /// was refilled then would not have been without the taking.
    /// </param>
    public static long Return(BucketRule rule, long until, long cost, long held = 0) =>
        Math.Max(Full, until - Math.Max(0, (cost * rule.Interval) - held));
}
