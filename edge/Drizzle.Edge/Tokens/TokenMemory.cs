using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Tokens;

/// <summary>
/// The tokens that were verified, by their hash, so that the next request with one costs a look. In two generations: when the young one is full it is the
/// old one, and what was not asked for in it is forgotten. Whoever finds one judges whether it is still good.
/// </summary>
/// <param name="mostBytes">In one generation.</param>
internal sealed class TokenMemory(long mostBytes)
{
    /// <summary>Some 8000 tokens with ten claims in each generation.</summary>
    public const long Most = 16 << 20;

    private readonly record struct Key(string Tenant, KeyHash Hash);

    private readonly Lock _turning = new();
    private volatile ConcurrentDictionary<Key, VerifiedToken> _young = new();
    private volatile ConcurrentDictionary<Key, VerifiedToken> _old = new();
    private long _bytes;

    public VerifiedToken? Find(string tenant, string token)
    {
        if (token.Length > TokenText.Longest) return null;
        var key = new Key(tenant, HashOf(token));
        if (_young.TryGetValue(key, out var found)) return found;
        if (!_old.TryGetValue(key, out found)) return null;
        Add(key, found);
        return found;
    }

    public void Add(string tenant, string token, VerifiedToken verified) => Add(new Key(tenant, HashOf(token)), verified);

    private void Add(Key key, VerifiedToken verified)
    {
        if (!_young.TryAdd(key, verified))
        {
            _young[key] = verified;
            return;
        }
        if (Interlocked.Add(ref _bytes, verified.Weight) < mostBytes) return;
        lock (_turning)
        {
            if (Interlocked.Read(ref _bytes) < mostBytes) return;
            (_old, _young) = (_young, new());
            Interlocked.Exchange(ref _bytes, 0);
        }
    }

    /// <summary>Of the whole token: who found another with the same hash could sign anything.</summary>
    private static KeyHash HashOf(string token)
    {
        Span<byte> text = stackalloc byte[token.Length];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.ASCII.GetBytes(token, text)], digest);
        return KeyHash.Of(digest);
    }
}
