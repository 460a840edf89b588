using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Drizzle.Engine.Orleans;

/// <summary>
/// Mutual TLS between silos, and between silos and their clients: files in PEM. Whoever has a certificate of the authority is of the cluster, whatever name it bears; so the authority is the cluster's own.
/// The files are read for each connection, so that a certificate is replaced by replacing the file.
/// </summary>
/// <param name="CertificateFile">This process's certificate, followed by those between it and the authority, if there are any.</param>
/// <param name="KeyFile">Its private key.</param>
/// <param name="AuthorityFile">The certificates of the authority.</param>
public sealed record SiloTls(string CertificateFile, string KeyFile, string AuthorityFile)
{
    /// <summary>Reads the files once, so that a mistake in them is heard of at the start.</summary>
    /// <exception cref="FormatException">A file cannot be read; the message names it.</exception>
    public void Check()
    {
        try
        {
            using var certificate = Certificate();
            foreach (var authority in Authorities()) authority.Dispose();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"The certificate {CertificateFile}, its key {KeyFile} or the authority {AuthorityFile} cannot be read: {e.Message}", e);
        }
    }

    internal X509Certificate2 Certificate() => X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);

    /// <summary>The certificates between this process's and the authority.</summary>
    internal X509Certificate2Collection Intermediates()
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(CertificateFile);
        if (all.Count > 0) all.RemoveAt(0);
        return all;
    }

    internal X509Certificate2Collection Authorities()
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(AuthorityFile);
        return all.Count > 0 ? all : throw new CryptographicException("The authority's file has no certificate.");
    }
}
