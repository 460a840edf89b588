using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Drizzle.Edge.Snapshots;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Drizzle.Edge.Certificates;

/// <summary>
/// Answers handshakes by the host that the client names. Where that host's tenant accepts client certificates, one is asked for; the handshake proves that
/// the client has its key, and each request decides whether its tenant trusts it, so that a host in a request's head that is not the handshake's gains nothing.
/// </summary>
/// <param name="ownContext">The edge's own certificate as it is now, for hosts that have none.</param>
internal sealed class TlsHandshake(Func<SslStreamCertificateContext> ownContext, ServerCertificates certificates, GatewayState state)
{
    private const int MostSent = 10;

    private static readonly X509ChainPolicy Offline = new()
    {
        // Nothing that a stranger's certificate points to is fetched.
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
    };

    public ValueTask<SslServerAuthenticationOptions> AnswerAsync(TlsHandshakeCallbackContext handshake)
    {
        var host = handshake.ClientHelloInfo.ServerName;
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificates.For(host) ?? ownContext(),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (!string.IsNullOrEmpty(host) && state.Index.ByHost(host.ToLowerInvariant()) is { Trust: not null }) AskForCertificate(options, handshake.Connection.Items);
        return new(options);
    }

    private static void AskForCertificate(SslServerAuthenticationOptions options, IDictionary<object, object?> items)
    {
        options.ClientCertificateRequired = true;
        options.CertificateChainPolicy = Offline.Clone();
        // A resumed session would come without the certificates that were sent along.
        options.AllowTlsResume = false;
        options.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            if (certificate is X509Certificate2 leaf) items[PresentedCertificate.ItemKey] = new PresentedCertificate(new X509Certificate2(leaf), [.. (chain?.ChainPolicy.ExtraStore ?? []).Take(MostSent).Select(c => new X509Certificate2(c))]);
            return true;
        };
    }
}
