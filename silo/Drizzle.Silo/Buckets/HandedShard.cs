using System.Text.Json;
using System.Text.Json.Serialization;
using Drizzle.Contracts.Limits.Leases;

namespace Drizzle.Silo.Buckets;

/// <summary>What one owner of a shard leaves to the next.</summary>
/// <param name="Epochs">Of the grants that are handed over.</param>
/// <param name="Number">The highest that a grant has.</param>
/// <param name="LostFor">Where an owner before has left nothing: how long ago it may have granted last; negative where that is to come. Null where none has, or it does not matter any more.</param>
internal sealed record HandedShard(IReadOnlyList<long> Epochs, long Number, long? LostFor, IReadOnlyList<HandedShardBucket> Buckets)
{
    /// <summary>Whether the next owner may as well begin with nothing.</summary>
    public bool IsEmpty => Buckets.Count == 0 && LostFor is null;

    /// <param name="json">Of this version of the silo, or of another.</param>
    public static HandedShard Read(byte[] json) => JsonSerializer.Deserialize(json, HandedShardJson.Default.HandedShard) ?? throw new JsonException("What a shard's owner left is null.");

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, HandedShardJson.Default.HandedShard);
}

internal sealed record HandedShardBucket(string Limit, string Subject, long Revision, bool HasRecord, bool IsWritten, HandedBucket Bucket);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(HandedShard))]
internal sealed partial class HandedShardJson : JsonSerializerContext;
