using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Policies;
using Drizzle.Contracts.Values;

namespace Drizzle.Edge.Snapshots;

internal sealed record CompiledConsumer(string Name, CompiledPlan Plan);

/// <param name="Prefix">The key's public part.</param>
/// <param name="ExpiresAt">Unix milliseconds; the greatest value where it never ends.</param>
/// <param name="Hash">What it is known by.</param>
internal sealed record CompiledKey(string Prefix, CompiledConsumer Consumer, long ExpiresAt, bool IsRevoked, KeyHash Hash)
{
    private Cedar.PreparedEntity? _entity;

    /// <summary>As policies see it. Made when it is first asked for; a race makes it twice.</summary>
    /// <param name="world">Of the snapshot that this key is of.</param>
    public Cedar.PreparedEntity EntityIn(PolicyWorld world) => _entity ??= world.Key(Prefix, Consumer.Name);

    private LaidEntities? _last;

    /// <summary>The tenant's entities under this key and a route. A key mostly asks for one route, so the last is kept.</summary>
    public Cedar.Entities EntitiesFor(CompiledRoute route, PolicyWorld world)
    {
        var last = _last;
        if (last?.Route != route) _last = last = new LaidEntities(route, world.Entities.With(EntityIn(world), route.EntityIn(world)));
        return last.Entities;
    }

    private sealed record LaidEntities(CompiledRoute Route, Cedar.Entities Entities);
}

/// <summary>A digest whose comparison takes the same time wherever two differ.</summary>
internal readonly record struct KeyHash(ulong A, ulong B, ulong C, ulong D)
{
    public static KeyHash Of(ReadOnlySpan<byte> digest) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(digest), BinaryPrimitives.ReadUInt64LittleEndian(digest[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(digest[16..]), BinaryPrimitives.ReadUInt64LittleEndian(digest[24..]));

    public bool Equals(KeyHash other) => ((A ^ other.A) | (B ^ other.B) | (C ^ other.C) | (D ^ other.D)) == 0;

    public override int GetHashCode() => (int)A;
}

/// <summary>The keys of one tenant, found by the hash of what a client presents.</summary>
internal sealed class KeyRing
{
    /// <summary>Longer than any key of ours.</summary>
    public const int LongestKey = 128;

    private readonly Dictionary<KeyHash, CompiledKey> _keys;

    public KeyRing(ValueList<ApiKey> keys, Dictionary<string, CompiledConsumer> consumers)
    {
        _keys = new(keys.Count);
        foreach (var key in keys)
        {
            if (!consumers.TryGetValue(key.Consumer, out var consumer)) continue;
            var hash = KeyHash.Of(Convert.FromHexString(key.Hash));
            _keys[hash] = new(key.Prefix, consumer, key.ExpiresAt?.ToUnixTimeMilliseconds() ?? long.MaxValue, key.Revoked, hash);
        }
    }

    /// <returns>The key, whatever its state; null for one that was never made here.</returns>
    public CompiledKey? Find(string presented)
    {
        if (presented.Length is 0 or > LongestKey) return null;
        Span<byte> text = stackalloc byte[LongestKey * 3];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(presented, text)], digest);
        return _keys.GetValueOrDefault(KeyHash.Of(digest));
    }

    /// <summary>Whether some key that was good here is not good in what came after; null for nothing at all.</summary>
    public bool HasLost(KeyRing? after) => _keys.Values.Any(key => !key.IsRevoked && after?.IsGood(key) != true);

    /// <summary>Whether a key that was found in an earlier ring is here too, and not revoked.</summary>
    public bool IsGood(CompiledKey key) => _keys.TryGetValue(key.Hash, out var now) && !now.IsRevoked;
}
