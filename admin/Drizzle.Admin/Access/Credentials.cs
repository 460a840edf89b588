using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Drizzle.Admin.Access;

/// <summary>A credential just made.</summary>
/// <param name="Text">The secret itself: shown once, never stored or logged.</param>
/// <param name="Prefix">The public part.</param>
/// <param name="Hash">What is stored.</param>
internal sealed record NewCredential(string Text, string Prefix, string Hash);

/// <summary>Makes keys and tokens: 256 random bits each, known afterwards by their hash alone.</summary>
internal static class Credentials
{
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary><c>drz_</c>, eight characters, <c>_</c>, 43 characters.</summary>
    public static NewCredential NewKey()
    {
        var prefix = "drz_" + RandomNumberGenerator.GetString(Base62, 8);
        return Of($"{prefix}_{Secret()}", prefix);
    }

    /// <summary><c>drzadm_</c> and 43 characters.</summary>
    public static NewCredential NewToken() => Of("drzadm_" + Secret(), "drzadm_");

    /// <summary>Lower-case hexadecimal SHA-256 of the UTF-8 text.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static NewCredential Of(string text, string prefix) => new(text, prefix, HashOf(text));

    private static string Secret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
