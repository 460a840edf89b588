using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Drizzle.Edge.Certificates;

/// <summary>
/// Reads X-Forwarded-Client-Cert, in which a proxy says what its own client showed. Of what it says only the certificate counts, which is judged as if it had
/// been shown here; names and hashes that a proxy has worked out are passed over.
/// </summary>
internal static class ForwardedCertificate
{
    public const string Header = "X-Forwarded-Client-Cert";

    private const int MostOthers = 10;

    /// <param name="header">As the nearest proxy sent it, whose own element is the last.</param>
    /// <returns>Null where it holds no certificate.</returns>
    public static PresentedCertificate? Read(string header)
    {
        var element = Split(header, ',').LastOrDefault() ?? "";
        if (ValueOf(element, "Cert") is not { } pem) return null;
        try
        {
            var others = new X509Certificate2Collection();
            if (ValueOf(element, "Chain") is { } chain) others.ImportFromPem(chain);
            return new(X509Certificate2.CreateFromPem(pem), [.. others.Take(MostOthers)]);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string? ValueOf(string element, string name)
    {
        foreach (var pair in Split(element, ';'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && pair.AsSpan(0, equals).Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return Uri.UnescapeDataString(pair[(equals + 1)..].Trim().Trim('"'));
        }
        return null;
    }

    /// <summary>Separators within quotes are none; a backslash takes the next character as it is.</summary>
    private static IEnumerable<string> Split(string text, char separator)
    {
        var (start, isQuoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '"') isQuoted = !isQuoted;
            else if (text[i] == separator && !isQuoted)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }
        yield return text[start..];
    }
}
