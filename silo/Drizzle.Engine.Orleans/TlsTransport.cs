using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace Drizzle.Engine.Orleans;

/// <summary>
/// Puts TLS between a connection of Orleans and its socket; both sides show a certificate of the cluster's authority. Orleans has a package for it,
/// Microsoft.Orleans.Connections.Security, which not every package source carries.
/// </summary>
public static class TlsTransport
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>For the side that is connected to.</summary>
    public static void Accept(IConnectionBuilder connections, SiloTls tls) => connections.Use(next => connection => RunAsync(connection, next, stream => AcceptAsync(stream, tls)));

    /// <summary>For the side that connects.</summary>
    public static void Connect(IConnectionBuilder connections, SiloTls tls) => connections.Use(next => connection => RunAsync(connection, next, stream => ConnectAsync(stream, tls)));

    private static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next, Func<SslStream, Task> shakeHands)
    {
        var plain = connection.Transport;
        await using var stream = new SslStream(new PipeStream(plain));
        try
        {
            await shakeHands(stream);
        }
        catch (Exception e) when (e is AuthenticationException or CryptographicException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            connection.Abort(new ConnectionAbortedException($"No TLS with {connection.RemoteEndPoint}: {e.Message}", e));
            return;
        }
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        var writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        connection.Transport = new Transport(reader, writer);
        try
        {
            await next(connection);
        }
        finally
        {
            await reader.CompleteAsync();
            await writer.CompleteAsync();
            connection.Transport = plain;
        }
    }

    private static async Task AcceptAsync(SslStream stream, SiloTls tls)
    {
        using var certificate = tls.Certificate();
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, tls.Intermediates(), offline: true),
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = Trust(tls),
            RemoteCertificateValidationCallback = static (_, _, _, errors) => errors == SslPolicyErrors.None,
        };
        await stream.AuthenticateAsServerAsync(options, patience.Token);
    }

    private static async Task ConnectAsync(SslStream stream, SiloTls tls)
    {
        using var certificate = tls.Certificate();
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "drizzle-silo",
            ClientCertificateContext = SslStreamCertificateContext.Create(certificate, tls.Intermediates(), offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = Trust(tls),
            // Silos are reached by addresses that come and go: being of the cluster is what counts.
            RemoteCertificateValidationCallback = static (_, _, _, errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None,
        };
        await stream.AuthenticateAsClientAsync(options, patience.Token);
    }

    private static X509ChainPolicy Trust(SiloTls tls)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(tls.Authorities());
        return policy;
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
