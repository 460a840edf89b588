using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Drizzle.Contracts.Certificates;

/// <summary>The certificates of authorities in a text.</summary>
public static class AuthorityList
{
    private const int Most = 32;

    /// <exception cref="FormatException">There is none, or one is no authority's; the message says which.</exception>
    public static X509Certificate2Collection Parse(string pem)
    {
        for (var rest = pem.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            if (rest[fields.Label] is not "CERTIFICATE") throw new FormatException("Expected certificates alone; a private key is nobody else's to know.");
        }
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new FormatException("The certificates cannot be read.", e);
        }
        if (all.Count is 0 or > Most) throw new FormatException($"Expected 1 to {Most} certificates: -----BEGIN CERTIFICATE-----.");
        return all.FirstOrDefault(c => !IsAuthority(c)) is { } other ? throw new FormatException($"{other.Subject} is no authority's certificate (basic constraints).") : all;
    }

    private static bool IsAuthority(X509Certificate2 certificate)
    {
        try
        {
            return certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
