using Drizzle.Contracts.Limits.Leases;

namespace Drizzle.Silo.Members;

/// <summary>
/// How long a silo owns what it has. That is itself a lease: it lasts for a while from an instant at which nobody had declared the silo dead, and a successor waits that
/// long before it begins. One loop writes it, whoever grants reads it. All instants are nanoseconds of the silo's own clock.
/// </summary>
internal sealed class Tenure
{
    public const long Lasts = 2_500_000_000;

    /// <summary>
    /// Others bear witness for so long after the database last said it, and no longer: a silo that joins on the other side of a broken network takes the rows of all
    /// on this side for stale only later.
    /// </summary>
    public const long WitnessedFor = 20_000_000_000;

    /// <summary>What a successor waits, whose clock may be as wrong.</summary>
    public static readonly long Waits = (long)Math.Ceiling(Lasts * (1 + LeaseTerms.ClockError) / (1 - LeaseTerms.ClockError));

    // Longer ago than anything, and still something that an instant is so and so long after.
    private const long Never = long.MinValue / 2;

    private long _until = long.MinValue;
    private long _confirmedAt = Never;

    public bool Holds(long now) => now < Volatile.Read(ref _until);

    /// <summary>Whether the database ever had it as a member.</summary>
    public bool WasConfirmed => _confirmedAt != Never;

    /// <summary>The database, asked at this instant, had it as a member.</summary>
    public void Confirm(long askedAt)
    {
        _confirmedAt = askedAt;
        Extend(askedAt);
    }

    /// <summary>Whether it goes on if all others, asked at this instant, say that they cannot reach the database either.</summary>
    public bool TakesWitnesses(long askedAt) => askedAt - _confirmedAt < WitnessedFor;

    /// <summary>They have said so.</summary>
    public void Extend(long askedAt) => Volatile.Write(ref _until, askedAt + Lasts);
}
