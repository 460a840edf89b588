using System.Net.Security;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;
using Microsoft.Extensions.Logging;

namespace Drizzle.Edge.Certificates;

/// <summary>The certificates that this edge shows, by host. The platform's are replaced whole; handshakes read them once.</summary>
internal sealed class ServerCertificates(TimeProvider clock, ILogger<CertificateFile> log)
{
    private volatile Dictionary<string, CertificateFile> _byHost = [];
    private Dictionary<(string, string), CertificateFile> _files = [];

    /// <summary>By host, as the configuration has it.</summary>
    public IReadOnlyDictionary<string, CertificateFile> ByHost => _byHost;

    /// <summary>Called by the one that follows the configuration.</summary>
    /// <exception cref="IOException">A file cannot be read; those in force stay.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">Two files hold no certificate and its key; those in force stay.</exception>
    public void Replace(ValueList<ServerCertificate> certificates)
    {
        var files = new Dictionary<(string, string), CertificateFile>();
        var byHost = new Dictionary<string, CertificateFile>(StringComparer.Ordinal);
        foreach (var certificate in certificates)
        {
            var place = (certificate.CertFile, certificate.KeyFile);
            if (!files.TryGetValue(place, out var file)) files[place] = file = _files.GetValueOrDefault(place) ?? new CertificateFile(certificate.CertFile, certificate.KeyFile, clock, log);
            foreach (var host in certificate.Hosts) byHost[host] = file;
        }
        (_files, _byHost) = (files, byHost);
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
