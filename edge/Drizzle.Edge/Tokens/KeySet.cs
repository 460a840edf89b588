using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Drizzle.Edge.Tokens;

/// <summary>The keys of an issuer at one time. Immutable: when they change there is another set.</summary>
internal sealed class KeySet
{
    private const int Most = 100;
    private const int LeastRsaBits = 2048;
    private const int MostRsaBits = 8192;

    private readonly List<Entry> _keys = [];

    private sealed record Entry(string? Id, string? Algorithm, SecurityKey Key);

    private KeySet(string source) => Source = source;

    /// <summary>What it was made from: two sets of the same are the same keys.</summary>
    public string Source { get; }

    public static KeySet Empty { get; } = new("");

    public static KeySet OfSecret(string secret) => new(secret) { _keys = { new(null, null, new SymmetricSecurityKey(System.Text.Encoding.UTF8.GetBytes(secret))) } };

    /// <summary>Reads a JSON Web Key Set (RFC 7517). Keys that are not for signatures, too weak or of an unknown kind are passed over.</summary>
    /// <exception cref="FormatException">It is no such set, or holds no key that is of use.</exception>
    public static KeySet Parse(string json)
    {
        var set = new KeySet(json);
        try
        {
            // The library takes much for a key set that is none.
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array) throw new FormatException("It is no JSON Web Key Set.");
            if (keys.GetArrayLength() > Most) throw new FormatException($"It has more than {Most} keys.");
            foreach (var key in JsonWebKeySet.Create(json).Keys)
            {
                if (EntryOf(key) is { } entry) set._keys.Add(entry);
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new FormatException("It is no JSON Web Key Set.", e);
        }
        return set._keys.Count > 0 ? set : throw new FormatException("It holds no key that can verify a signature.");
    }

    /// <param name="keyId">As the token names it; null where it names none, which will do where one key alone fits.</param>
    /// <param name="algorithm">One that the issuer's configuration accepts.</param>
    public SecurityKey? Find(string? keyId, string algorithm)
    {
        SecurityKey? found = null;
        foreach (var entry in _keys)
        {
            if (!Fits(entry, algorithm)) continue;
            if (entry.Id is not null && keyId is not null)
            {
                if (entry.Id == keyId) return entry.Key;
                continue;
            }
            // A secret has no name, whatever the token calls it.
            if (keyId is not null && entry.Key is not SymmetricSecurityKey) continue;
            if (found is not null) return null;
            found = entry.Key;
        }
        return found;
    }

    private static Entry? EntryOf(JsonWebKey key)
    {
        if (key.Use is not (null or "" or "sig") || key.HasPrivateKey || (key.KeyOps.Count > 0 && !key.KeyOps.Contains("verify"))) return null;
        if (key.Kty is not (JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve)) return null;
        try
        {
            // Of its bare numbers: a certificate beside them is not what is trusted.
            key.X5c.Clear();
            if (!JsonWebKeyConverter.TryConvertToSecurityKey(key, out var converted) || converted is RsaSecurityKey { KeySize: < LeastRsaBits or > MostRsaBits }) return null;
            converted.KeyId = null;
            return new(key.Kid is { Length: > 0 } id ? id : null, key.Alg is { Length: > 0 } algorithm ? algorithm : null, converted);
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static bool Fits(Entry entry, string algorithm) => (entry.Algorithm is null || entry.Algorithm == algorithm) && entry.Key switch
    {
        SymmetricSecurityKey => algorithm[0] == 'H',
        RsaSecurityKey => algorithm[0] is 'R' or 'P',
        ECDsaSecurityKey ec => algorithm == ec.KeySize switch { 256 => "ES256", 384 => "ES384", 521 => "ES512", _ => "" },
        _ => false,
    };
}
