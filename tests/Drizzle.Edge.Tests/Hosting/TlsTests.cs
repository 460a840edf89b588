using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Hosting;

[TestClass]
public sealed class TlsTests
{
    [TestMethod]
    [DataRow("2.0")]
    [DataRow("1.1")]
    public async Task The_TLS_port_negotiates_HTTP_2_and_serves_HTTP_1_1_too(string version)
    {
        using var folder = new TestFolder();
        using var certificate = SelfSigned();
        await File.WriteAllTextAsync(folder.File("edge.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(folder.File("edge.key"), certificate.GetECDsaPrivateKey()?.ExportPkcs8PrivateKeyPem());
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(
            Gateway.Open(upstream.Url, ", affinity: {}"),
            new EdgeOptions { Https = "https://127.0.0.1:0", CertificateFile = folder.File("edge.pem"), CertificateKeyFile = folder.File("edge.key"), DrainTimeout = TimeSpan.FromSeconds(1) });
        var thumbprint = certificate.Thumbprint;
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == thumbprint } });

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(edge.Host.GatewayAddresses.Single(a => a.StartsWith("https:", StringComparison.Ordinal))), "/x"))
        {
            Version = Version.Parse(version),
            VersionPolicy = version == "2.0" ? HttpVersionPolicy.RequestVersionOrLower : HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await client.SendAsync(request).Soon();

        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
        Assert.AreEqual(Version.Parse(version), answer.Version);
        Assert.AreEqual("https", upstream.Seen.Single().Headers["X-Forwarded-Proto"]);
        Assert.Contains("Secure", answer.Headers.GetValues("Set-Cookie").Single());
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
