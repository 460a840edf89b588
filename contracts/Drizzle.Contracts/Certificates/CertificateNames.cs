using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Drizzle.Contracts.Certificates;

/// <summary>The names that a certificate bears, each with its kind before it.</summary>
public static class CertificateNames
{
    public const string Uri = "uri:";
    public const string Dns = "dns:";
    public const string Email = "email:";
    public const string Subject = "subject:";

    private const string AlternativeNames = "2.5.29.17";
    private const int Most = 64;
    private const int Longest = 512;

    // Tags of GeneralName (RFC 5280, 4.2.1.6).
    private static readonly (Asn1Tag Tag, string Kind)[] Kinds = [(new(TagClass.ContextSpecific, 6), Uri), (new(TagClass.ContextSpecific, 2), Dns), (new(TagClass.ContextSpecific, 1), Email)];

    /// <returns>URIs, then hosts, then addresses of mail, then the subject's distinguished name; what is longer than 512 characters, or has control characters, is left out.</returns>
    /// <exception cref="CryptographicException">Its alternative names cannot be read.</exception>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        var names = new List<string>();
        if (certificate.Extensions.FirstOrDefault(e => e.Oid?.Value == AlternativeNames) is { } extension)
        {
            var read = Read(extension.RawData);
            foreach (var (_, kind) in Kinds) names.AddRange(read.Where(n => n.StartsWith(kind, StringComparison.Ordinal)));
        }
        names.Add(Subject + certificate.SubjectName.Name);
        return [.. names.Where(n => n.Length <= Longest && !n.Any(char.IsControl)).Take(Most).DefaultIfEmpty("subject:")];
    }

    /// <summary>Writes a name as <see cref="Of"/> does.</summary>
    /// <returns>Null where it has no kind, or is no such name.</returns>
    public static string? Normal(string name)
    {
        if (name.Length > Longest || name.Any(char.IsControl)) return null;
        if (name.StartsWith(Dns, StringComparison.Ordinal)) return name.Length > Dns.Length ? name.ToLowerInvariant() : null;
        if (name.StartsWith(Uri, StringComparison.Ordinal) || name.StartsWith(Email, StringComparison.Ordinal)) return name[^1] != ':' ? name : null;
        if (!name.StartsWith(Subject, StringComparison.Ordinal)) return null;
        try
        {
            // Its bytes are read again, since a name that was made of a text is that text.
            return Subject + new X500DistinguishedName(new X500DistinguishedName(name[Subject.Length..]).RawData).Name is { Length: > 8 } subject ? subject : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static List<string> Read(byte[] extension)
    {
        try
        {
            var names = new List<string>();
            var all = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            while (all.HasData && names.Count < Most)
            {
                var tag = all.PeekTag();
                var kind = Kinds.FirstOrDefault(k => k.Tag == tag).Kind;
                if (kind is null) all.ReadEncodedValue();
                else names.Add(kind == Dns ? Dns + all.ReadCharacterString(UniversalTagNumber.IA5String, tag).ToLowerInvariant() : kind + all.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            }
            return names;
        }
        catch (AsnContentException e)
        {
            throw new CryptographicException("The certificate's alternative names cannot be read.", e);
        }
    }
}
