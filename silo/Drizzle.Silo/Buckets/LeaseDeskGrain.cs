using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Silo.Members;
using Orleans.Concurrency;
using Orleans.GrainDirectory;

namespace Drizzle.Silo.Buckets;

/// <summary>Leases from the shards of this silo, many batches at once.</summary>
[GrainType("drizzle.lease-desk"), SiloPlacement, GrainDirectory(NoDirectory.Name), Reentrant, KeepAlive]
internal sealed class LeaseDeskGrain(ShardRegistry registry, SiloLife life, Membership members, EdgeCount edges, SiloClock clock) : Grain, ILeaseDeskGrain
{
    private const int MostNames = 4096;

    private readonly Dictionary<string, string> _names = [];

    public async Task<DeskAnswers> LeaseAsync(string edge, LeaseRequest[] requests)
    {
        edge = Known(edge);
        if (requests.Length > IBucketOwner.MostInBatch) throw new ArgumentException($"A batch has at most {IBucketOwner.MostInBatch} requests.", nameof(requests));
        var (answers, elsewhere) = (new LeaseAnswer[requests.Length], new List<int>());
        await Task.WhenAll(Enumerable.Range(0, requests.Length).GroupBy(i => BucketShards.Of(requests[i].Bucket)).Select(async some =>
        {
            int[] which = [.. some];
            var isHere = registry.Find(some.Key) is { } shard && await shard.LeaseAsync(edge, requests, which, answers, clock.Now, life.MayGrant, !life.IsDatabaseAway);
            if (!isHere) elsewhere.AddRange(which);
        }));
        return new() { Answers = answers, Elsewhere = [.. elsewhere], Edges = edges.Value };
    }

    /// <summary>The same object for each call of an edge: grants keep it, and of each that is new the collector would have to look at all the buckets that have it.</summary>
    private string Known(string edge)
    {
        if (_names.TryGetValue(edge, out var known)) return known;
        if (_names.Count >= MostNames) _names.Clear();
        return _names[edge] = edge;
    }

    public Task NoteRefusalsAsync(NotedRefusal[] refusals)
    {
        foreach (var one in refusals) registry.Find(BucketShards.Of(one.Bucket))?.NoteRefusals(one.Bucket, one.Refused, clock.Now());
        return Task.CompletedTask;
    }

    public Task<BucketStatus[]> ListAsync(BucketQuery query) => Task.FromResult<BucketStatus[]>(
        [.. query.Pick(registry.All.SelectMany(s => s.List(query, clock.Now())))]);

    public Task<FilledBucket> FillAsync(BucketId bucket, long? tokens) =>
        Task.FromResult(registry.Find(BucketShards.Of(bucket)) is { } shard ? new FilledBucket(true, shard.Fill(bucket, tokens, clock.Now())) : new FilledBucket(false, null));

    public Task<bool[]> HoldsAsync(int[] shards) => Task.FromResult(Array.ConvertAll(shards, shard => registry.Find(shard) is not null));

    public Task<byte[]?> HandOverAsync(int shard, long epoch, string to) => registry.HandOverAsync(shard, epoch, to);

    public Task<bool> SettleAsync(int shard, long epoch) => registry.SettleAsync(shard, epoch);

    public Task LeavingAsync(string silo)
    {
        members.Leaves(silo);
        return Task.CompletedTask;
    }

    public Task<bool> BearWitnessAsync(string silo) => Task.FromResult(life.IsDatabaseAway && !members.IsDead(silo));
}
