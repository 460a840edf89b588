using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;

namespace Drizzle.Contracts.Ports;

/// <summary>What an edge asks about one bucket, and what it has to say of the grants that it has of it.</summary>
/// <param name="Revision">Of the configuration that has this rule; the owner goes by the rule of the highest that it has seen.</param>
/// <param name="Ask">Nothing is asked for where its need is 0.</param>
public readonly record struct LeaseRequest(BucketId Bucket, BucketRule Rule, long Revision, LeaseAsk Ask, IReadOnlyList<GrantReport> Reports);

/// <param name="Answers">As many as there were requests, in their order.</param>
/// <param name="Edges">How many edges are known to run, at least 1.</param>
public sealed record LeaseAnswers(LeaseAnswer[] Answers, int Edges);

/// <summary>The one who takes tokens out of buckets that several edges share. It grants leases of them, by the rules of <see cref="LeasedBucket"/>.</summary>
public interface IBucketOwner
{
    /// <summary>The most requests in one batch.</summary>
    public const int MostInBatch = 512;

    /// <param name="edge">Who asks.</param>
    /// <param name="requests">No bucket twice.</param>
    /// <param name="cancellation">Ends the wait; what was granted then is lost until it expires.</param>
    /// <exception cref="EngineException">The owner does not answer.</exception>
    ValueTask<LeaseAnswers> LeaseAsync(string edge, IReadOnlyList<LeaseRequest> requests, CancellationToken cancellation);

    /// <summary>Whole tokens that are here and with edges, for whoever looks; null for a bucket that is not known, and so is full.</summary>
    ValueTask<IReadOnlyList<long?>> LevelsAsync(IReadOnlyList<BucketId> buckets, CancellationToken cancellation);

    /// <summary>Takes note of how many requests edges refused for want of tokens; for people to look at.</summary>
    /// <param name="refusals">No bucket twice.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="EngineException">The owner does not answer.</exception>
    ValueTask NoteRefusalsAsync(IReadOnlyList<(BucketId Bucket, long Refused)> refusals, CancellationToken cancellation);

    /// <summary>Forgets buckets that are full, some at a time. What is not full is not forgotten.</summary>
    /// <returns>How many.</returns>
    ValueTask<long> ForgetFullAsync(CancellationToken cancellation);
}
