using System.Net.Security;
using System.Security.Cryptography;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;
using Microsoft.Extensions.Logging;

namespace Drizzle.Edge.Certificates;

/// <summary>The certificates that this edge shows, by host. The platform's are replaced whole; handshakes read them once.</summary>
/// <param name="isServing">Whether there is a port that would show them.</param>
internal sealed class ServerCertificates(bool isServing, TimeProvider clock, ILogger<CertificateFile> log)
{
    private volatile Dictionary<string, CertificateFile> _byHost = [];
    private Dictionary<(string, string), CertificateFile> _files = [];

    /// <summary>By host, as the configuration has it.</summary>
    public IReadOnlyDictionary<string, CertificateFile> ByHost => _byHost;

    /// <summary>Called by the one that follows the configuration. Each pair is judged by itself; one that cannot be read stays as it was, or is left out.</summary>
    /// <returns>What is wrong, in a sentence; null where nothing is.</returns>
    public string? Replace(ValueList<ServerCertificate> certificates)
    {
        if (!isServing) return null;
        var files = new Dictionary<(string, string), CertificateFile>();
        var byHost = new Dictionary<string, CertificateFile>(StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var certificate in certificates)
        {
            var place = (certificate.CertFile, certificate.KeyFile);
            if (!files.TryGetValue(place, out var file) && (file = _files.GetValueOrDefault(place) ?? Open(certificate, wrong)) is null) continue;
            files[place] = file;
            foreach (var host in certificate.Hosts) byHost[host] = file;
        }
        (_files, _byHost) = (files, byHost);
        return wrong.Count == 0 ? null : string.Join(' ', wrong);
    }

    private CertificateFile? Open(ServerCertificate certificate, List<string> wrong)
    {
        try
        {
            return new CertificateFile(certificate.CertFile, certificate.KeyFile, clock, log);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or NotSupportedException)
        {
            wrong.Add($"The certificate of {string.Join(", ", certificate.Hosts)} is left out: {e.Message}");
            return null;
        }
    }

    /// <param name="host">As the client names it; null where it names none.</param>
    /// <returns>Null where the configuration has none for it. A wildcard's covers one label, as clients have it.</returns>
    public SslStreamCertificateContext? For(string? host)
    {
        var byHost = _byHost;
        if (byHost.Count == 0 || string.IsNullOrEmpty(host)) return null;
        var name = host.ToLowerInvariant();
        if (byHost.TryGetValue(name, out var exact)) return exact.Context;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && byHost.TryGetValue("*" + name[dot..], out var wild) ? wild.Context : null;
    }
}
