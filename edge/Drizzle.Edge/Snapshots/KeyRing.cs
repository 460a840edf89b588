using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;
using Drizzle.Edge.Limits;

namespace Drizzle.Edge.Snapshots;

/// <param name="Limits">Those of its plan.</param>
internal sealed record CompiledConsumer(string Name, CompiledLimit[] Limits);

/// <param name="Prefix">The key's public part.</param>
/// <param name="ExpiresAt">Unix milliseconds; the greatest value where it never ends.</param>
internal sealed record CompiledKey(string Prefix, CompiledConsumer Consumer, long ExpiresAt, bool IsRevoked);

/// <summary>The keys of one tenant, found by the hash of what a client presents.</summary>
internal sealed class KeyRing
{
    /// <summary>Longer than any key of ours.</summary>
    public const int LongestKey = 128;

    private readonly Dictionary<Hash, CompiledKey> _keys;

    public KeyRing(ValueList<ApiKey> keys, Dictionary<string, CompiledConsumer> consumers)
    {
        _keys = new(keys.Count);
        foreach (var key in keys)
        {
            if (!consumers.TryGetValue(key.Consumer, out var consumer)) continue;
            _keys[Hash.Of(Convert.FromHexString(key.Hash))] = new(key.Prefix, consumer, key.ExpiresAt?.ToUnixTimeMilliseconds() ?? long.MaxValue, key.Revoked);
        }
    }

    /// <returns>The key, whatever its state; null for one that was never made here.</returns>
    public CompiledKey? Find(string presented)
    {
        if (presented.Length is 0 or > LongestKey) return null;
        Span<byte> text = stackalloc byte[LongestKey * 3];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(presented, text)], digest);
        return _keys.GetValueOrDefault(Hash.Of(digest));
    }

    /// <summary>A digest whose comparison takes the same time wherever two differ.</summary>
    private readonly record struct Hash(ulong A, ulong B, ulong C, ulong D)
    {
        public static Hash Of(ReadOnlySpan<byte> digest) => new(
            BinaryPrimitives.ReadUInt64LittleEndian(digest), BinaryPrimitives.ReadUInt64LittleEndian(digest[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(digest[16..]), BinaryPrimitives.ReadUInt64LittleEndian(digest[24..]));

        public bool Equals(Hash other) => ((A ^ other.A) | (B ^ other.B) | (C ^ other.C) | (D ^ other.D)) == 0;

        public override int GetHashCode() => (int)A;
    }
}
