namespace Drizzle.Contracts.Limits.Leases;

/// <summary>How long leases last. Only durations travel; owner and edge each measure them on a monotonic clock of their own.</summary>
public static class LeaseTerms
{
    /// <summary>An edge may use a grant for so long from when it <em>sent</em> the request for it; nanoseconds.</summary>
    public const long Lifetime = 1_000_000_000;

    /// <summary>The most by which either clock's rate may be wrong: ρ. A crystal is off by a hundred-thousandth.</summary>
    public const double ClockError = 0.01;

    /// <summary>A request waits so long for an owner; nanoseconds. It waits no longer than 50 ms, and timers come late by some of them.</summary>
    public const long Patience = 45_000_000;

    /// <summary>
    /// An owner counts a grant as usable for so long from when it granted it. An edge whose clock is slow by ρ uses it for τ/(1−ρ), which an owner whose
    /// clock is fast by ρ measures as τ(1+ρ)/(1−ρ); and it was granted after it was asked for.
    /// </summary>
    public static readonly long Reclaim = (long)Math.Ceiling(Lifetime * (1 + ClockError) / (1 - ClockError));
}

/// <summary>Names a grant: who gave it in which life, and its number there.</summary>
/// <param name="Epoch">Of the owner; a report that names another epoch is of a grant that this owner never made.</param>
public readonly record struct GrantId(long Epoch, long Number);

/// <summary>What an edge says of a grant. Cumulative, so that a repeated, late or reordered report does no harm.</summary>
/// <param name="Spent">Tokens spent of it so far.</param>
/// <param name="IsFinal">Whether the edge will spend no more of it; what is not spent is returned.</param>
public readonly record struct GrantReport(GrantId Grant, long Spent, bool IsFinal);

/// <summary>What an owner answers to who asks for tokens.</summary>
/// <param name="Granted">Tokens; 0 where there were too few.</param>
/// <param name="Level">Whole tokens left after that; <see cref="NotYet"/> where the owner has begun anew and grants nothing yet.</param>
/// <param name="RetryAfter">Nanoseconds until as many as were needed may be there; 0 where they were granted, -1 where they never will be.</param>
public readonly record struct LeaseAnswer(GrantId Grant, long Granted, long Level, long RetryAfter)
{
    /// <summary>The level of a bucket of which earlier grants may still be spent, and nothing else.</summary>
    public const long NotYet = -1;

    /// <summary>Of a bucket whose owner could not be asked, and can be soon: nothing was said, and nothing was done.</summary>
    public static readonly LeaseAnswer Unheard = new(default, 0, Level: -2, 0);

    // Nanoseconds.
    private const long ComeAgainAfter = 100_000_000;

    /// <summary>Whether the owner has begun anew and grants nothing yet, of what it will have. One that grants has begun, also where its clock was set back.</summary>
    public bool IsBeginning => Level == NotYet && Granted == 0 && RetryAfter > 0;

    /// <summary>Of a bucket about which nothing can be said just now.</summary>
    /// <param name="grant">Names the epoch of the owner, where there is one.</param>
    public static LeaseAnswer ComeAgain(GrantId grant = default) => new(grant, 0, NotYet, ComeAgainAfter);
}
