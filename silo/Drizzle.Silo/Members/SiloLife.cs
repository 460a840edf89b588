using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Parallelism;
using Drizzle.Silo.Buckets;
using Microsoft.Extensions.Hosting;

namespace Drizzle.Silo.Members;

/// <summary>
/// How long this silo may grant for. Its ownership is itself a lease: it lasts for a while from an instant at which nobody had declared the silo dead, and a successor
/// waits that long before it begins. So one that was stopped and wakes grants nothing until it has looked whether it is still a member. Where the database does
/// not answer, nobody can declare anybody dead; the other silos bear witness to that, all of them, and then it goes on. The only silo has no
/// witness: another may be started in its place.
/// </summary>
internal sealed class SiloLife(Roll roll, Membership members, IFatalErrorHandler departure, SiloClock clock) : BackgroundService
{
    /// <summary>By the holder's own clock; nanoseconds.</summary>
    public const long Lasts = 2_500_000_000;

    /// <summary>What a successor waits, whose clock may be as wrong.</summary>
    public static readonly long Waits = (long)Math.Ceiling(Lasts * (1 + LeaseTerms.ClockError) / (1 - LeaseTerms.ClockError));

    /// <summary>
    /// Others bear witness for so long after the database was last asked in vain, and no longer: a silo that joins on the other side of a broken network takes the rows of all
    /// on this side for stale only later.
    /// </summary>
    private const long WitnessedFor = 20_000_000_000;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private long _until = long.MinValue;
    private long _memberAt = long.MinValue / 2;
    private volatile bool _isDatabaseAway;

    /// <summary>Whether the database did not answer when it was last asked.</summary>
    public bool IsDatabaseAway => _isDatabaseAway;

    public bool MayGrant(long now) => now < Volatile.Read(ref _until);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        do
        {
            var askedAt = clock.Now();
            if (await IsAliveAsync(askedAt, stoppingToken)) Volatile.Write(ref _until, askedAt + Lasts);
        }
        while (await clock.Clock.PauseAsync(LookEvery, stoppingToken));
    }

    private async Task<bool> IsAliveAsync(long askedAt, CancellationToken cancellation)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Patience);
            var isMember = await roll.IsMemberAsync(patience.Token);
            _isDatabaseAway = false;
            if (isMember) _memberAt = askedAt;
            // Others learn from Orleans that they were declared dead.
            else if (roll.IsAlone) departure.OnFatalException(this, "it was taken for gone, and another has been at work in the database since");
            return isMember;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _isDatabaseAway = true;
            return !roll.IsAlone && askedAt - _memberAt < WitnessedFor && await AllBearWitnessAsync();
        }
    }

    private async Task<bool> AllBearWitnessAsync()
    {
        try
        {
            var witnesses = await Task.WhenAll(members.Others.Select(silo => members.DeskOf(silo).BearWitnessAsync(members.Self)));
            return Array.TrueForAll(witnesses, w => w);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // One that does not answer may know better.
            return false;
        }
    }
}
