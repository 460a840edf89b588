using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Orleans.Grains;

/// <summary>What one silo answers about the buckets that it owns. Its keys are those of <see cref="LeaseDeskKey"/>.</summary>
[Alias("drizzle.lease-desk"), Version(1)]
public interface ILeaseDeskGrain : IGrainWithStringKey
{
    /// <summary>As <see cref="IBucketOwner.LeaseAsync"/>, for buckets of this silo.</summary>
    [Alias("lease"), ResponseTimeout("00:00:02")]
    Task<DeskAnswers> LeaseAsync(string edge, LeaseRequest[] requests);

    /// <summary>As <see cref="IBucketOwner.NoteRefusalsAsync"/>; of buckets that are not here nothing is noted.</summary>
    [Alias("note-refusals"), ResponseTimeout("00:00:02")]
    Task NoteRefusalsAsync(NotedRefusal[] refusals);

    /// <summary>As <see cref="ILiveBuckets.ListAsync"/>, for buckets of this silo.</summary>
    [Alias("list"), ResponseTimeout("00:00:05")]
    Task<BucketStatus[]> ListAsync(BucketQuery query);

    /// <summary>As <see cref="ILiveBuckets.FillAsync"/>, but without the audit.</summary>
    [Alias("fill"), ResponseTimeout("00:00:05")]
    Task<FilledBucket> FillAsync(BucketId bucket, long? tokens);

    /// <summary>Whether this silo holds each of these shards.</summary>
    [Alias("holds"), ResponseTimeout("00:00:01")]
    Task<bool[]> HoldsAsync(int[] shards);

    /// <summary>Another silo has claimed this shard: this one, which has it, hands it over, and once more where the other has not heard the answer.</summary>
    /// <param name="to">The other, as <c>address:port@generation</c>.</param>
    /// <returns>What the other goes on with; null where this one does not hold that epoch of it, and never will.</returns>
    [Alias("hand-over"), ResponseTimeout("00:00:05")]
    Task<byte[]?> HandOverAsync(int shard, long epoch, string to);

    /// <summary>Another silo wants to claim this shard, which this one has claimed: this one has the database take note that it has it.</summary>
    /// <returns>False where it does not hold that epoch of it, and never will.</returns>
    [Alias("settle"), ResponseTimeout("00:00:05")]
    Task<bool> SettleAsync(int shard, long epoch);

    /// <summary>A silo ends: from now on shards are placed elsewhere.</summary>
    [Alias("leaving"), ResponseTimeout("00:00:01")]
    Task LeavingAsync(string silo);

    /// <summary>Whether this silo too cannot reach the database, and takes another for a living member.</summary>
    [Alias("bear-witness"), ResponseTimeout("00:00:01")]
    Task<bool> BearWitnessAsync(string silo);
}
