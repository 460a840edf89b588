using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Drizzle.Contracts.Addresses;
using Drizzle.Contracts.Model;
using Drizzle.Edge.Secrets;
using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Upstreams;

/// <summary>
/// HTTP clients for upstreams and issuers. Services with equal settings share one, so thousands of services cost one pool of connections, and an edit
/// that leaves the settings alone keeps its connections. A client that no service uses is collected once its requests have ended.
/// </summary>
/// <param name="state">Whose platform settings say what may be connected to.</param>
/// <param name="allowsLoopback">Whether destinations may be on this machine.</param>
internal sealed class ClientPool(GatewayState state, bool allowsLoopback)
{
    private sealed record Settings(TimeSpan Connect, UpstreamTls? Tls);

    private const int LargestFile = 1024;

    private readonly Lock _changing = new();
    private readonly Dictionary<Settings, WeakReference<HttpMessageInvoker>> _clients = [];

    /// <exception cref="IOException">The file of certificate authorities cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It holds no certificates.</exception>
    public HttpMessageInvoker For(TimeSpan connectTimeout, UpstreamTls? tls)
    {
        var settings = new Settings(connectTimeout, tls);
        lock (_changing)
        {
            if (_clients.TryGetValue(settings, out var known) && known.TryGetTarget(out var client)) return client;
            foreach (var (key, reference) in _clients.ToArray())
            {
                if (!reference.TryGetTarget(out _)) _clients.Remove(key);
            }
            var made = new HttpMessageInvoker(Handler(settings), disposeHandler: true);
            _clients[settings] = new(made);
            return made;
        }
    }

    private SocketsHttpHandler Handler(Settings settings) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        EnableMultipleHttp2Connections = true,
        // Trace context passes through as the client sent it.
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        ConnectTimeout = settings.Connect,
        ConnectCallback = ConnectAsync,
        // Names are looked up again at least this often.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(55),
        MaxResponseHeadersLength = 64,
        ResponseDrainTimeout = TimeSpan.FromSeconds(2),
        SslOptions = Ssl(settings.Tls),
    };

    /// <summary>A name is judged by the addresses that it has now: it may have had others when it was written.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var host = context.DnsEndPoint.Host;
        var rule = new DestinationRule(state.Platform.Model, allowsLoopback);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellation);
        var allowed = addresses.Where(rule.Allows).ToArray();
        if (addresses.Length > 0 && allowed.Length == 0) throw new DestinationNotAllowedException(host);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SslClientAuthenticationOptions Ssl(UpstreamTls? tls)
    {
        var options = new SslClientAuthenticationOptions();
        if (tls is null) return options;
        if (tls.ServerName is { } name) options.TargetHost = name;
        if (tls.CaFile is { } file)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(SmallFile.Find(file, "certificate authorities", LargestFile));
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }
        // The service's owner asked for this in so many words: tls.skipVerify.
        if (tls.SkipVerify) options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        return options;
    }
}

/// <summary>All addresses that a destination's name has are ones that destinations may not have.</summary>
internal sealed class DestinationNotAllowedException(string host) : IOException($"Every address of '{host}' is loopback, link-local or a metadata service's, and not in platform.allowedDestinations.");
