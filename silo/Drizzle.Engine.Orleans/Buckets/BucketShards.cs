using Drizzle.Contracts.Limits;

namespace Drizzle.Engine.Orleans;

/// <summary>Which part of the buckets a bucket is of. All processes of a cluster agree on it, of whatever version.</summary>
public static class BucketShards
{
    /// <summary>So many that silos come and go with a few of them each, and so few that a batch has several buckets of one.</summary>
    public const int Count = 1024;

    /// <summary>FNV-1a over both names.</summary>
    public static int Of(BucketId bucket)
    {
        var hash = Add(Add(14695981039346656037, bucket.Limit) * 1099511628211, bucket.Subject);
        return (int)((hash ^ (hash >> 32)) % Count);
    }

    private static ulong Add(ulong hash, string text)
    {
        foreach (var c in text) hash = (hash ^ c) * 1099511628211;
        return hash;
    }
}
