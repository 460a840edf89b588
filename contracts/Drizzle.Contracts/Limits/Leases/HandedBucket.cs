namespace Drizzle.Contracts.Limits.Leases;

/// <summary>A grant as one owner hands it to the next.</summary>
/// <param name="Left">Tokens of it that its edge may still spend.</param>
/// <param name="ReclaimIn">Nanoseconds until the edge can use it no more.</param>
public readonly record struct HandedGrant(long Number, string Edge, long Tokens, long Left, long ReclaimIn);

/// <summary>A bucket as one owner hands it to the next.</summary>
/// <param name="Credit">Nanoseconds of refill that are here.</param>
/// <param name="FillsIn">Nanoseconds until it begins to fill; 0 for one that does.</param>
public sealed record HandedBucket(BucketRule Rule, long Credit, long FillsIn, IReadOnlyList<HandedGrant> Grants);
