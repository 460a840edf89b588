using System.Collections.Frozen;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Drizzle.Contracts.Certificates;

/// <summary>Certificates that their authority has revoked (RFC 5280, section 5).</summary>
public sealed class RevocationList
{
    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 0);
    private const int Most = 64;

    private readonly byte[] _issuer;
    private readonly FrozenSet<string> _serials;

    private RevocationList(byte[] issuer, FrozenSet<string> serials) => (_issuer, _serials) = (issuer, serials);

    /// <summary>All lists of a text in PEM.</summary>
    /// <param name="authorities">Of whom one has signed each list.</param>
    /// <exception cref="FormatException">There is none, or one cannot be read, or was signed by none of them; the message says which.</exception>
    public static IReadOnlyList<RevocationList> ParseAll(string pem, X509Certificate2Collection authorities)
    {
        var lists = new List<RevocationList>();
        for (var rest = pem.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            if (rest[fields.Label] is not "X509 CRL") throw new FormatException("Expected revocation lists alone: -----BEGIN X509 CRL-----.");
            if (lists.Count >= Most) throw new FormatException($"At most {Most} revocation lists.");
            try
            {
                lists.Add(Parse(Convert.FromBase64String(rest[fields.Base64Data].ToString()), authorities));
            }
            catch (Exception e) when (e is AsnContentException or CryptographicException)
            {
                throw new FormatException($"Revocation list {lists.Count + 1} cannot be read.", e);
            }
        }
        return lists.Count > 0 ? lists : throw new FormatException("There is no revocation list in the text: -----BEGIN X509 CRL-----.");
    }

    public bool Revokes(X509Certificate2 certificate) =>
        _serials.Contains(certificate.SerialNumber) && certificate.IssuerName.RawData.AsSpan().SequenceEqual(_issuer);

    private static RevocationList Parse(byte[] der, X509Certificate2Collection authorities)
    {
        var list = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        var signed = list.PeekEncodedValue();
        var body = list.ReadSequence();
        var algorithm = list.ReadSequence().ReadObjectIdentifier();
        var signature = list.ReadBitString(out _);
        if (body.PeekTag().HasSameClassAndValue(Asn1Tag.Integer)) body.ReadInteger();
        body.ReadSequence();
        var issuer = body.ReadEncodedValue().ToArray();
        if (!authorities.Any(a => a.SubjectName.RawData.AsSpan().SequenceEqual(issuer) && IsSignedBy(a, signed.Span, signature, algorithm)))
        {
            throw new FormatException($"The revocation list of {new X500DistinguishedName(issuer).Name} was signed by none of the authorities, or in a way that is not known (RSA or ECDSA with SHA-256, SHA-384 or SHA-512).");
        }
        return new(issuer, Serials(body));
    }

    private static FrozenSet<string> Serials(AsnReader body)
    {
        var serials = new HashSet<string>(StringComparer.Ordinal);
        // This update, and the next, which may be left out.
        for (var i = 0; i < 2 && body.HasData && body.PeekTag().TagValue is (int)UniversalTagNumber.UtcTime or (int)UniversalTagNumber.GeneralizedTime; i++) body.ReadEncodedValue();
        if (body.HasData && body.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            for (var entries = body.ReadSequence(); entries.HasData;)
            {
                var entry = entries.ReadSequence();
                serials.Add(Convert.ToHexString(entry.ReadIntegerBytes().Span));
                entry.ReadEncodedValue();
                if (entry.HasData) RefuseCritical(entry.ReadSequence());
            }
        }
        if (body.HasData) RefuseCritical(body.ReadSequence(Extensions).ReadSequence());
        return serials.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>A list that speaks of a part alone, or of others' certificates, would be misread.</summary>
    private static void RefuseCritical(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            extension.ReadObjectIdentifier();
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean()) throw new FormatException("A revocation list with critical extensions (a delta, or one of a part of the certificates) is not supported: give the whole list.");
        }
    }

    private static bool IsSignedBy(X509Certificate2 authority, ReadOnlySpan<byte> signed, byte[] signature, string algorithm)
    {
        if (authority.GetRSAPublicKey() is { } rsa) return RsaHash(algorithm) is { } hash && rsa.VerifyData(signed, signature, hash, RSASignaturePadding.Pkcs1);
        if (authority.GetECDsaPublicKey() is { } ec) return EcdsaHash(algorithm) is { } hash && ec.VerifyData(signed, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
        return false;
    }

    private static HashAlgorithmName? RsaHash(string algorithm) => algorithm switch
    {
        "1.2.840.113549.1.1.11" => HashAlgorithmName.SHA256,
        "1.2.840.113549.1.1.12" => HashAlgorithmName.SHA384,
        "1.2.840.113549.1.1.13" => HashAlgorithmName.SHA512,
        _ => null,
    };

    private static HashAlgorithmName? EcdsaHash(string algorithm) => algorithm switch
    {
        "1.2.840.10045.4.3.2" => HashAlgorithmName.SHA256,
        "1.2.840.10045.4.3.3" => HashAlgorithmName.SHA384,
        "1.2.840.10045.4.3.4" => HashAlgorithmName.SHA512,
        _ => null,
    };
}
