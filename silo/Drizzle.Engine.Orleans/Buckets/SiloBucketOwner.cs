using System.Collections.Concurrent;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Engine.Orleans;

/// <summary>
/// The buckets as silos own them: one call to each silo that has some of a batch. A silo that does not answer holds up nobody else's buckets: of its own it is said
/// that there is nothing yet, as of an owner that begins anew.
/// </summary>
internal sealed class SiloBucketOwner(SiloConnection silos, ShardMap shards) : IBucketOwner
{
    /// <summary>What a silo has not answered by then is not waited for; what it grants all the same goes back when it comes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private const int MostRounds = 3;

    // Silos with a call that was not waited for; they are left in peace until it has ended.
    private readonly ConcurrentDictionary<string, bool> _slow = new();
    private volatile int _edges = 1;

    public async ValueTask<LeaseAnswers> LeaseAsync(string edge, IReadOnlyList<LeaseRequest> requests, CancellationToken cancellation)
    {
        var answers = new LeaseAnswer[requests.Count];
        Array.Fill(answers, LeaseAnswer.ComeAgain());
        var open = Enumerable.Range(0, requests.Count).ToList();
        var heard = requests.Count == 0 && await IsThereAsync(cancellation);
        for (var round = 0; round < MostRounds && open.Count > 0; round++)
        {
            var finding = FindAsync(open.Select(i => BucketShards.Of(requests[i].Bucket)), cancellation);
            // Buckets whose silo is known do not wait for those whose silo is looked for, as it is where one has died.
            if (!open.Exists(i => shards[BucketShards.Of(requests[i].Bucket)] is not null)) await finding;
            var bySilo = open.GroupBy(i => shards[BucketShards.Of(requests[i].Bucket)]).Where(g => g.Key is not null).Select(g => AskAsync(edge, g.Key!, [.. g], requests, answers)).ToList();
            var results = await Task.WhenAll(bySilo);
            heard |= results.Any(r => r is not null);
            open = [.. results.OfType<int[]>().SelectMany(r => r)];
        }
        if (!heard) throw new EngineException("No silo that owns these buckets answers.");
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
            if (some.Key is not { } silo || _slow.ContainsKey(silo)) continue;
            NotedRefusal[] noted = [.. some.Select(r => new NotedRefusal(r.Bucket, r.Refused))];
            await silos.CallAsync(grains => grains.GetGrain<ILeaseDeskGrain>(silo).NoteRefusalsAsync(noted), cancellation);
        }
    }

    /// <summary>Silos forget by themselves.</summary>
    public ValueTask<long> ForgetFullAsync(CancellationToken cancellation) => new(0);

    private async Task FindAsync(IEnumerable<int> which, CancellationToken cancellation)
    {
        try
        {
            await shards.FindAsync(which, cancellation);
        }
        catch (EngineException)
        {
            // They are not known then.
        }
    }

    private async Task<bool> IsThereAsync(CancellationToken cancellation)
    {
        _edges = await shards.FindAllAsync(cancellation);
        return true;
    }

    /// <returns>Those that are elsewhere, to be looked for again; null where the silo did not answer.</returns>
    private async Task<int[]?> AskAsync(string edge, string silo, int[] which, IReadOnlyList<LeaseRequest> requests, LeaseAnswer[] answers)
    {
        if (_slow.ContainsKey(silo)) return null;
        LeaseRequest[] batch = [.. which.Select(i => requests[i])];
        var asking = CallAsync(edge, silo, batch);
        try
        {
            var said = await asking.WaitAsync(Patience, TimeProvider.System);
            _edges = said.Edges;
            for (var i = 0; i < which.Length; i++) answers[which[i]] = said.Answers[i];
            foreach (var i in said.Elsewhere)
            {
                answers[which[i]] = LeaseAnswer.ComeAgain();
                shards.Forget(BucketShards.Of(requests[which[i]].Bucket));
            }
            return [.. said.Elsewhere.Select(i => which[i])];
        }
        catch (TimeoutException)
        {
            _slow[silo] = true;
            _ = GiveBackAsync(edge, silo, batch, asking);
            return null;
        }
        catch (EngineException)
        {
            shards.Forget(silo);
            return null;
        }
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
            shards.Forget(silo);
        }
        finally
        {
            _slow.TryRemove(silo, out _);
        }
    }

    private Task<DeskAnswers> CallAsync(string edge, string silo, LeaseRequest[] batch) =>
        silos.CallAsync(grains => grains.GetGrain<ILeaseDeskGrain>(silo).LeaseAsync(edge, batch), CancellationToken.None).AsTask();
}
