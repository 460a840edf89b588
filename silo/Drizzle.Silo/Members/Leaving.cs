using Drizzle.Contracts.Parallelism;
using Drizzle.Silo.Buckets;

namespace Drizzle.Silo.Members;

/// <summary>What a silo does first when it is told to end: it tells the others, and hands its shards over to them while it still answers for the rest.</summary>
internal sealed class Leaving(ShardRegistry registry, SiloLife life, Membership members, Moving moving)
{
    private const int MostInRound = 64;

    /// <summary>Whoever runs it gives it half a minute for all, as a rule. What is left after this is left in the database.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Edges learn where a shard is now when they ask for it where it was.</summary>
    private static readonly TimeSpan AnswersOnFor = TimeSpan.FromSeconds(1);

    public async Task RunAsync()
    {
        members.Leaves(members.Self);
        await Task.WhenAll(members.Others.Select(TellAsync));
        if (!MayMove) return;
        var begun = TimeProvider.System.GetTimestamp();
        while (MayMove && registry.All.Any() && TimeProvider.System.GetElapsedTime(begun) < Longest)
        {
            if (!await moving.MoveAsync(registry.All.Select(s => s.Number).Take(MostInRound))) await TimeProvider.System.PauseAsync(RetryEvery, CancellationToken.None);
        }
        await TimeProvider.System.PauseAsync(AnswersOnFor, CancellationToken.None);
    }

    /// <summary>To whom, where all are leaving? And without the database nobody can take a shard.</summary>
    private bool MayMove => !life.IsDatabaseAway && !members.Staying(members.Active).Contains(members.Self);

    private async Task TellAsync(string silo)
    {
        try
        {
            await members.DeskOf(silo).LeavingAsync(members.Self);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It has ended itself, or is of an older version. One that does not know may give a shard back, which is moved again then.
        }
    }
}
