using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Policies;
using Drizzle.Contracts.Values;
using Drizzle.Edge.Access;

namespace Drizzle.Edge.Snapshots;

internal sealed record CompiledConsumer(string Name, CompiledPlan Plan);

/// <summary>A key, as one snapshot has it.</summary>
internal sealed class CompiledKey : Principal
{
    private readonly ApiKey _model;
    private readonly PrincipalEntities _entities;

    public CompiledKey(ApiKey model, CompiledConsumer consumer)
    {
        (_model, Consumer) = (model, consumer);
        Hash = KeyHash.Of(Convert.FromHexString(model.Hash));
        ExpiresAt = model.ExpiresAt?.ToUnixTimeMilliseconds() ?? long.MaxValue;
        _entities = new PrincipalEntities(this);
    }

    /// <summary>The key's public part.</summary>
    public string Prefix => _model.Prefix;

    public override string Name => Prefix;

    public CompiledConsumer Consumer { get; }

    /// <summary>Unix milliseconds; the greatest value where it never ends.</summary>
    public long ExpiresAt { get; }

    public bool IsRevoked => _model.Revoked;

    /// <summary>What it is known by.</summary>
    public KeyHash Hash { get; }

    public override Cedar.PreparedEntity EntityIn(PolicyWorld world) => world.Key(Prefix, Consumer.Name, _model.Scopes);

    /// <summary>It lives as long as its snapshot.</summary>
    public override PrincipalEntities EntitiesIn(TenantAccess access) => _entities;
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

    public KeyRing(ValueList<ApiKey> keys, IReadOnlyDictionary<string, CompiledConsumer> consumers)
    {
        _keys = new(keys.Count);
        foreach (var key in keys)
        {
            if (!consumers.TryGetValue(key.Consumer, out var consumer)) continue;
            var compiled = new CompiledKey(key, consumer);
            _keys[compiled.Hash] = compiled;
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
