using System.Numerics;
using System.Runtime.InteropServices;
using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Limits;

/// <summary>Which bucket: the limit, and the one it is kept for.</summary>
/// <param name="Limit">The limit with where it stands, such as <c>acme/plan:starter/per-minute</c>.</param>
/// <param name="Subject">The values of the limit's keys, such as a consumer's name; empty where there is one bucket for all.</param>
public readonly record struct BucketId(string Limit, string Subject)
{
    /// <summary>As many as a process keeps of one limit; past them, new subjects of that limit share.</summary>
    public const int MostOfOneLimit = 50_000;

    private const int SharedByLimit = 1024;

    /// <summary>Configurations name limits, clients may name subjects: of the latter nobody can foresee the hash.</summary>
    public override int GetHashCode()
    {
        var rest = MemoryMarshal.AsBytes(Limit.AsSpan());
        var hash = (ulong)rest.Length;
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..]) hash = (BitOperations.RotateLeft(hash, 23) ^ MemoryMarshal.Read<ulong>(rest)) * 0x9E3779B97F4A7C15;
        foreach (var one in rest) hash = (BitOperations.RotateLeft(hash, 23) ^ one) * 0x9E3779B97F4A7C15;
        return (int)(hash >> 32) ^ Subject.GetHashCode(StringComparison.Ordinal);
    }

    public override string ToString() => Subject.Length == 0 ? Limit : $"{Limit} {Subject}";

    /// <summary>The bucket that this one's subject shares with others of its limit, past <see cref="MostOfOneLimit"/>.</summary>
    public BucketId Shared => this with { Subject = "#" + (Subject.GetHashCode(StringComparison.Ordinal) & (SharedByLimit - 1)) };
}

/// <summary>One charge of a request.</summary>
/// <param name="Revision">Of the configuration that has this rule.</param>
/// <param name="OnFailure">What to do where the bucket's owner does not answer.</param>
public readonly record struct BucketCharge(BucketId Bucket, BucketRule Rule, long Cost, long Revision = 0, OnFailure OnFailure = OnFailure.Local);

/// <summary>What all buckets answered together.</summary>
/// <param name="RefusedBy">The index of the charge that was refused; -1 when all were taken.</param>
public readonly record struct ChargeAnswer(int RefusedBy)
{
    public bool IsAdmitted => RefusedBy < 0;
}
