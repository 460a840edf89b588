using Drizzle.Contracts.Limits;

namespace Drizzle.Contracts.Ports;

/// <param name="Edge">Who holds it.</param>
/// <param name="Tokens">Of its grants, those that it may still spend, as it said last.</param>
public sealed record BucketLease(string Edge, long Tokens);

/// <summary>A bucket at an instant.</summary>
/// <param name="Level">Whole tokens with its owner.</param>
/// <param name="Leases">Tokens with edges; none where they ask for each request.</param>
/// <param name="Refused">Requests that it refused in the last minute.</param>
public sealed record BucketStatus(BucketId Bucket, BucketRule Rule, long Level, IReadOnlyList<BucketLease> Leases, long Refused);

/// <param name="Scope">What the names of the limits begin with: a tenant's slug, or <c>platform</c>.</param>
/// <param name="Limit">As it is named after that, such as <c>plan:starter/per-minute</c>; all when null.</param>
/// <param name="Subject">All when null.</param>
/// <param name="Most">How many at most.</param>
public sealed record BucketQuery(string Scope, string? Limit, string? Subject, int Most)
{
    /// <summary>The limit's full name; null for all of the scope.</summary>
    public string? FullName => Limit is null ? null : $"{Scope}/{Limit}";

    /// <summary>Whether a bucket is one of those that are asked for.</summary>
    public bool Matches(BucketId bucket) =>
        (FullName is { } limit ? bucket.Limit == limit : bucket.Limit.StartsWith(Scope + "/", StringComparison.Ordinal)) && (Subject is null || bucket.Subject == Subject);

    /// <summary>As many as are asked for: those that refused most come first, then those that have least left, then by name.</summary>
    public IEnumerable<BucketStatus> Pick(IEnumerable<BucketStatus> found) => found
        .OrderByDescending(b => b.Refused).ThenBy(b => (double)b.Level / b.Rule.Burst).ThenBy(b => b.Bucket.Limit, StringComparer.Ordinal).ThenBy(b => b.Bucket.Subject, StringComparer.Ordinal)
        .Take(Most);
}

/// <summary>Buckets as they are, for whoever administers them. Those that are full and idle are not known.</summary>
public interface ILiveBuckets
{
    /// <summary>Those that refused most come first, then those that have least left.</summary>
    /// <exception cref="EngineException">The owner does not answer.</exception>
    ValueTask<IReadOnlyList<BucketStatus>> ListAsync(BucketQuery query, CancellationToken cancellation);

    /// <summary>Puts tokens into a bucket, never more than it holds beside what edges have of it.</summary>
    /// <param name="bucket">Which.</param>
    /// <param name="tokens">How many; null for as many as fit.</param>
    /// <param name="audit">Is kept with it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The level after that; null for a bucket that is not known, and so is full.</returns>
    ValueTask<long?> FillAsync(BucketId bucket, long? tokens, AuditRecord audit, CancellationToken cancellation);
}
