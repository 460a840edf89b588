using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Drizzle.Contracts.Secrets;

/// <summary>
/// Encrypts secrets that are stored, with AES-256-GCM. A sealed secret is <c>v1.KEY.DATA</c>: which key, and in base64url 12 bytes of nonce, the
/// ciphertext and 16 bytes of tag. It opens only at the place that it was sealed for, so nobody can move it to where it would be sent elsewhere.
/// </summary>
public sealed class MasterKeys
{
    /// <summary>The environment variable that holds them.</summary>
    public const string Variable = "DRIZZLE_MASTER_KEY";

    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const string Version = "v1";

    private readonly (string Id, byte[] Key)[] _keys;

    private MasterKeys((string Id, byte[] Key)[] keys) => _keys = keys;

    /// <param name="text">32 random bytes in base64, as <c>openssl rand -base64 32</c> gives them; after a comma older keys, which still open.</param>
    /// <returns>Null where the text is null or empty.</returns>
    /// <exception cref="FormatException">It is no such thing; the message does not quote it.</exception>
    public static MasterKeys? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        return new([.. text.Split(',', StringSplitOptions.TrimEntries).Select(ParseOne)]);
    }

    /// <param name="value">The secret.</param>
    /// <param name="place">Where it is used, such as <c>acme/service:orders/credential:authorization</c>.</param>
    public string Seal(string value, string place)
    {
        var (id, key) = _keys[0];
        var plain = Encoding.UTF8.GetBytes(value);
        var data = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(data.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(data.AsSpan(0, NonceBytes), plain, data.AsSpan(NonceBytes, plain.Length), data.AsSpan(NonceBytes + plain.Length), Encoding.UTF8.GetBytes(place));
        CryptographicOperations.ZeroMemory(plain);
        return $"{Version}.{id}.{Base64Url.EncodeToString(data)}";
    }

    /// <exception cref="CryptographicException">The key is another, the place is, or it was tampered with.</exception>
    public string Open(string sealedSecret, string place)
    {
        var parts = sealedSecret.Split('.');
        if (parts.Length != 3 || parts[0] != Version) throw new CryptographicException("A stored secret has a form that is not known here.");
        var key = Array.Find(_keys, k => k.Id == parts[1]).Key ?? throw new CryptographicException($"A stored secret was encrypted under another key than {Variable} has.");
        var data = Base64Url.DecodeFromChars(parts[2]);
        if (data.Length < NonceBytes + TagBytes) throw new CryptographicException("A stored secret is cut short.");
        var plain = new byte[data.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(data.AsSpan(0, NonceBytes), data.AsSpan(NonceBytes, plain.Length), data.AsSpan(NonceBytes + plain.Length), plain, Encoding.UTF8.GetBytes(place));
        return Encoding.UTF8.GetString(plain);
    }

    /// <summary>Whether something sealed holds a value, compared in constant time.</summary>
    public bool Holds(string sealedSecret, string place, string value)
    {
        try
        {
            return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Open(sealedSecret, place)), Encoding.UTF8.GetBytes(value));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The same secret under the first key; as it is where it is so already, or does not open.</summary>
    public string Renew(string sealedSecret, string place)
    {
        if (sealedSecret.Split('.') is [_, var id, _] && id == _keys[0].Id) return sealedSecret;
        try
        {
            return Seal(Open(sealedSecret, place), place);
        }
        catch (CryptographicException)
        {
            return sealedSecret;
        }
    }

    private static (string Id, byte[] Key) ParseOne(string text)
    {
        var key = new byte[KeyBytes];
        if (!Convert.TryFromBase64String(text, key, out var length) || length != KeyBytes) throw new FormatException($"{Variable} wants 32 random bytes in base64, as 'openssl rand -base64 32' gives them; older keys may follow after commas.");
        return (Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 4)), key);
    }
}
