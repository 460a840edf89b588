using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Drizzle.Testing;

/// <summary>A certificate authority of a test, whose certificates are good from 1970 to 2100.</summary>
public sealed class TestAuthority : IDisposable
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private static readonly DateTimeOffset Begin = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset End = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _certificate = RequestFor($"CN={name}", key).CreateSelfSigned(Begin, End);
    }

    private TestAuthority(X509Certificate2 certificate) => _certificate = certificate;

    public string Pem => _certificate.ExportCertificatePem();

    public string Subject => _certificate.Subject;

    /// <summary>An authority below this one.</summary>
    public TestAuthority Below(string name, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = RequestFor($"CN={name}", key).Create(_certificate, Begin, until ?? End, RandomNumberGenerator.GetBytes(8));
        return new(certificate.CopyWithPrivateKey(key));
    }

    /// <summary>A certificate with its key, for clients unless it is said otherwise.</summary>
    /// <param name="names">Its alternative names.</param>
    /// <param name="usage">The one extended usage; none at all when null.</param>
    public X509Certificate2 Issue(string subject, Action<SubjectAlternativeNameBuilder>? names = null, string? usage = ClientAuthentication, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (usage is not null) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        var alternative = new SubjectAlternativeNameBuilder();
        names?.Invoke(alternative);
        if (names is not null) request.CertificateExtensions.Add(alternative.Build());
        using var certificate = request.Create(_certificate, from ?? Begin, until ?? (_certificate.NotAfter < End.LocalDateTime ? new DateTimeOffset(_certificate.NotAfter) : End.AddYears(-1)), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>Writes a certificate for both sides of a connection, its key and this authority, in PEM.</summary>
    /// <returns>The three files.</returns>
    public (string Certificate, string Key, string Authority) WriteMember(TestFolder folder, string name)
    {
        using var certificate = Issue($"CN={name}", usage: null);
        var files = (folder.File($"{name}.pem"), folder.File($"{name}.key"), folder.File($"{Subject}.pem"));
        File.WriteAllText(files.Item1, certificate.ExportCertificatePem());
        File.WriteAllText(files.Item2, certificate.GetECDsaPrivateKey()?.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(files.Item3, Pem);
        return files;
    }

    /// <summary>The revocation list, in PEM.</summary>
    public string Revoking(params X509Certificate2[] certificates)
    {
        var list = new CertificateRevocationListBuilder();
        foreach (var certificate in certificates) list.AddEntry(certificate, Begin);
        return PemEncoding.WriteString("X509 CRL", list.Build(_certificate, 1, End, HashAlgorithmName.SHA256, thisUpdate: Begin));
    }

    public void Dispose() => _certificate.Dispose();

    private static CertificateRequest RequestFor(string subject, ECDsa key)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }
}
