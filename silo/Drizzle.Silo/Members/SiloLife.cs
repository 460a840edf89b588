using Drizzle.Contracts.Parallelism;
using Drizzle.Silo.Buckets;
using Microsoft.Extensions.Hosting;

namespace Drizzle.Silo.Members;

/// <summary>
/// Keeps this silo's <see cref="Tenure"/>: one that was stopped and wakes grants nothing until it has looked whether it is still a member. Where the database does
/// not answer, nobody can declare anybody dead; the other silos bear witness to that, all of them, and then it goes on. The only silo has no
/// witness: another may be started in its place.
/// </summary>
internal sealed class SiloLife(Roll roll, Membership members, IFatalErrorHandler departure, SiloClock clock) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const string TakenPlace = "it was taken for gone, and another has been at work in the database since";
    private const string NoMember = "it was declared dead, or the database has gone back to before it began";

    private readonly Tenure _tenure = new();
    private volatile bool _isDatabaseAway;

    /// <summary>Whether the database did not answer when it was last asked.</summary>
    public bool IsDatabaseAway => _isDatabaseAway;

    public bool MayGrant(long now) => _tenure.Holds(now);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        do await LookAsync(clock.Now(), stoppingToken);
        while (await clock.Clock.PauseAsync(LookEvery, stoppingToken));
    }

    private async Task LookAsync(long askedAt, CancellationToken cancellation)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Patience);
            var isMember = await roll.IsMemberAsync(patience.Token);
            _isDatabaseAway = false;
            if (isMember) _tenure.Confirm(askedAt);
            // Of a table that has gone back, by a backup, Orleans takes no notice.
            else if (_tenure.WasConfirmed) departure.OnFatalException(this, roll.IsAlone ? TakenPlace : NoMember);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _isDatabaseAway = true;
            if (!roll.IsAlone && _tenure.TakesWitnesses(askedAt) && await AllBearWitnessAsync()) _tenure.Extend(askedAt);
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
