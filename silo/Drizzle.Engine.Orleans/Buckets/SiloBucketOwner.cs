using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Orleans;

/// <summary>
/// The buckets as silos own them: one call to each silo that has some of a batch. A silo that does not answer holds up nobody else's buckets: of its own it is said
/// that there is nothing yet, as of an owner that begins anew.
/// </summary>
internal sealed class SiloBucketOwner(LeaseDesks desks, ShardMap shards) : IBucketOwner
{
    /// <summary>A shard that moves is found within that, as a rule.</summary>
    private static readonly TimeSpan MovePatience = TimeSpan.FromMilliseconds(15);

    private readonly SilentSilos _silent = new(desks, shards);
    private volatile int _edges = 1;

    public async ValueTask<LeaseAnswers> LeaseAsync(string edge, IReadOnlyList<LeaseRequest> requests, CancellationToken cancellation)
    {
        int[] where = [.. requests.Select(r => BucketShards.Of(r.Bucket))];
        // Buckets whose silo is known do not wait for those whose silo is looked for.
        var isAnyKnown = Array.Exists(where, s => shards[s] is not null);
        var heard = !isAnyKnown && await FindAsync(where, cancellation);
        LeaseAnswer[] answers = [.. where.Select(OfMissing)];
        var bySilo = Enumerable.Range(0, where.Length).GroupBy(i => shards[where[i]]).Where(some => some.Key is not null);
        heard |= (await Task.WhenAll(bySilo.Select(some => AskAsync(edge, some.Key!, [.. some], requests, answers)))).Contains(true);
        // Where none of these answers, another may.
        if (!heard && isAnyKnown) heard = await LookForAsync(where, cancellation);
        if (!heard) throw new EngineException("No silo that owns these buckets answers.");
        if (shards.IsAnyToLookFor(where)) _ = LookForAsync(where, CancellationToken.None);
        return new(answers, _edges);
    }

    public async ValueTask<IReadOnlyList<long?>> LevelsAsync(IReadOnlyList<BucketId> buckets, CancellationToken cancellation)
    {
        var levels = new List<long?>();
        foreach (var bucket in buckets) levels.Add(await shards.FillAsync(bucket, tokens: 0, cancellation));
        return levels;
    }

    public async ValueTask NoteRefusalsAsync(IReadOnlyList<(BucketId Bucket, long Refused)> refusals, CancellationToken cancellation)
    {
        foreach (var some in refusals.GroupBy(r => shards[BucketShards.Of(r.Bucket)]))
        {
            if (some.Key is not { } silo || _silent.Contains(silo)) continue;
            NotedRefusal[] noted = [.. some.Select(r => new NotedRefusal(r.Bucket, r.Refused))];
            await desks.CallAsync(silo, desk => desk.NoteRefusalsAsync(noted), cancellation);
        }
    }

    /// <summary>Silos forget by themselves.</summary>
    public ValueTask<long> ForgetFullAsync(CancellationToken cancellation) => new(0);

    /// <summary>Of a bucket whose silo is not known: where it just moves it is soon, and where its silo is dead not so soon.</summary>
    private LeaseAnswer OfMissing(int shard) => shards.MayBeMoving(shard) ? LeaseAnswer.Unheard : LeaseAnswer.ComeAgain();

    /// <summary>Looks for these; with none for all. Where some silo is known that answers these are not waited for long: whoever asks for something else next would wait for them too.</summary>
    /// <returns>Whether silos answer, as far as is known.</returns>
    private async Task<bool> FindAsync(int[] where, CancellationToken cancellation)
    {
        var looking = LookForAsync(where.Length == 0 ? Enumerable.Range(0, BucketShards.Count) : where, cancellation);
        if (where.Length == 0 || !shards.IsAny(silo => !_silent.Contains(silo))) return await looking;
        await ((Task)looking).WaitAsync(MovePatience, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !looking.IsCompleted || await looking;
    }

    /// <returns>Whether silos answer.</returns>
    private async Task<bool> LookForAsync(IEnumerable<int> where, CancellationToken cancellation)
    {
        try
        {
            _edges = await shards.LookForAsync(where, cancellation);
            return true;
        }
        catch (EngineException)
        {
            return false;
        }
    }

    /// <returns>Whether the silo answered.</returns>
    private async Task<bool> AskAsync(string edge, string silo, int[] which, IReadOnlyList<LeaseRequest> requests, LeaseAnswer[] answers)
    {
        foreach (var i in which) answers[i] = LeaseAnswer.ComeAgain();
        if (_silent.Contains(silo)) return false;
        LeaseRequest[] batch = [.. which.Select(i => requests[i])];
        var asking = CallAsync(edge, silo, batch);
        try
        {
            var said = await asking.WaitAsync(SilentSilos.Patience, TimeProvider.System);
            _edges = said.Edges;
            for (var i = 0; i < which.Length; i++) answers[which[i]] = said.Answers[i];
            foreach (var i in said.Elsewhere) answers[which[i]] = OfLost(BucketShards.Of(batch[i].Bucket), silo);
            return true;
        }
        catch (TimeoutException)
        {
            _ = GiveBackAsync(edge, silo, batch, asking);
            _silent.Add(silo, asking);
            return false;
        }
        catch (EngineException)
        {
            foreach (var i in which) answers[i] = OfLost(BucketShards.Of(requests[i].Bucket), silo);
            shards.Forget(silo);
            return false;
        }
    }

    /// <summary>Of a bucket that turns out not to be at its silo any more.</summary>
    private LeaseAnswer OfLost(int shard, string silo)
    {
        shards.Forget(shard, silo);
        return OfMissing(shard);
    }

    /// <summary>Nobody waited for these answers: what they grant is not needed any more.</summary>
    private async Task GiveBackAsync(string edge, string silo, LeaseRequest[] batch, Task<DeskAnswers> asking)
    {
        try
        {
            var said = await asking;
            LeaseRequest[] unused = [.. batch.Zip(said.Answers).Where(a => a.Second.Granted > 0).Select(a => a.First with { Ask = new(0, 0), Reports = [new(a.Second.Grant, 0, IsFinal: true)] })];
            if (unused.Length > 0) await CallAsync(edge, silo, unused);
        }
        catch (EngineException)
        {
            // It granted nothing, or what it granted comes back when it expires.
        }
    }

    private Task<DeskAnswers> CallAsync(string edge, string silo, LeaseRequest[] batch) =>
        desks.CallAsync(silo, desk => desk.LeaseAsync(edge, batch), CancellationToken.None).AsTask();
}
