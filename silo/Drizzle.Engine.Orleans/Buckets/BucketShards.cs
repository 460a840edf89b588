using Drizzle.Contracts.Limits;

namespace Drizzle.Engine.Orleans;

/// <summary>Which part of the buckets a bucket is of. All processes of a cluster agree on it, of whatever version.</summary>
public static class BucketShards
{
    /// <summary>So many that silos come and go with a few of them each, and so few that a batch has several buckets of one.</summary>
    public const int Count = 1024;

    public static int Of(BucketId bucket)
    {
        var hash = NameHash.Add(NameHash.Apart(NameHash.Add(NameHash.Start, bucket.Limit)), bucket.Subject);
        return (int)((hash ^ (hash >> 32)) % Count);
    }
}
