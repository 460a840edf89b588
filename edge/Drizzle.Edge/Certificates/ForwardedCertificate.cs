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

    /// <param name="header">As the proxy sent it, which has put itself in place of whatever its client said: one element, of one certificate.</param>
    /// <returns>Null where it is anything else.</returns>
    public static PresentedCertificate? Read(string header)
    {
        if (header.Count(c => c == '"') % 2 != 0 || header.Contains('\\', StringComparison.Ordinal) || Split(header, ',').Count() != 1) return null;
        if (ValueOf(header, "Cert") is not { } pem) return null;
        try
        {
            var others = new X509Certificate2Collection();
            if (ValueOf(header, "Chain") is { } chain) others.ImportFromPem(chain);
            return new(X509Certificate2.CreateFromPem(pem), [.. others.Take(MostOthers)]);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <returns>Null where the name is not there, or stands more than once.</returns>
    private static string? ValueOf(string element, string name)
    {
        string? value = null;
        foreach (var pair in Split(element, ';'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !pair.AsSpan(0, equals).Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            if (value is not null) return null;
            value = Uri.UnescapeDataString(pair[(equals + 1)..].Trim().Trim('"'));
        }
        return value;
    }

    /// <summary>Separators within quotes are none.</summary>
    private static IEnumerable<string> Split(string text, char separator)
    {
        var (start, isQuoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') isQuoted = !isQuoted;
            else if (text[i] == separator && !isQuoted)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }
        yield return text[start..];
    }
}
