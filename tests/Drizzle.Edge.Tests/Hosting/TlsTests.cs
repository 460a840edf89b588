using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
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

    [TestMethod]
    public async Task Each_host_has_its_certificate_which_is_read_again_when_its_files_change()
    {
        using var folder = new TestFolder();
        using var authority = new TestAuthority("Acme CA");
        await WriteAsync(folder, authority, "first");
        await WriteAsync(folder, authority, "wild");
        await using var upstream = await TestUpstream.StartAsync();
        var clock = new FakeClock();
        var certificates = $"certificates: [{{ hosts: [api.acme.test], certFile: {folder.File("first.pem")}, keyFile: {folder.File("first.key")} }}, {{ hosts: ['*.wild.test'], certFile: {folder.File("wild.pem")}, keyFile: {folder.File("wild.key")} }}]";
        await using var edge = await RunningEdge.StartAsync(
            Gateway.Open(upstream.Url).Replace("platform: { ", $"platform: {{ {certificates}, ", StringComparison.Ordinal), new EdgeOptions { Https = "https://127.0.0.1:0", SelfSigned = true, DrainTimeout = TimeSpan.FromSeconds(1) }, clock);
        Assert.AreEqual("CN=first", await ShownAsync(edge, "api.acme.test"));
        Assert.AreEqual("CN=first", await ShownAsync(edge, "API.acme.test"));
        Assert.AreEqual("CN=wild", await ShownAsync(edge, "a.wild.test"));
        Assert.Contains("self-signed for development", await ShownAsync(edge, "a.b.wild.test"), "A wildcard is one label, as clients have it.");
        Assert.Contains("self-signed for development", await ShownAsync(edge, "nobody.test"));

        await File.WriteAllTextAsync(folder.File("first.pem"), "half a cert");
        clock.Advance(TimeSpan.FromSeconds(11));
        for (var i = 0; i < 3; i++) Assert.AreEqual("CN=first", await ShownAsync(edge, "api.acme.test"), "The last good one stays.");
        await WriteAsync(folder, authority, "second", "first");
        await Eventually.TrueAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromSeconds(11));
                return await ShownAsync(edge, "api.acme.test") == "CN=second";
            },
            "the new certificate");
    }

    [TestMethod]
    public async Task A_certificate_that_cannot_be_read_is_left_out_and_told_and_all_else_is_in_force()
    {
        using var folder = new TestFolder();
        using var authority = new TestAuthority("Acme CA");
        await WriteAsync(folder, authority, "good");
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url), new EdgeOptions { Https = "https://127.0.0.1:0", SelfSigned = true, DrainTimeout = TimeSpan.FromSeconds(1) });
        await edge.ApplyAsync(Gateway.Open(upstream.Url).Replace("platform: { ", $"platform: {{ certificates: [{{ hosts: [api.acme.test], certFile: {folder.File("none.pem")}, keyFile: {folder.File("none.key")} }}, {{ hosts: [b.acme.test], certFile: {folder.File("good.pem")}, keyFile: {folder.File("good.key")} }}], limits: [{{ name: two, rate: 1/h, burst: 2 }}], ", StringComparison.Ordinal));
        Assert.Contains("none.pem", await edge.OperationsAsync("/status"));
        Assert.Contains("self-signed for development", await ShownAsync(edge, "api.acme.test"));
        Assert.AreEqual("CN=good", await ShownAsync(edge, "b.acme.test"));
        var statuses = new List<int>();
        for (var i = 0; i < 3; i++) statuses.Add(await edge.StatusAsync("/x"));
        CollectionAssert.AreEqual(new[] { 200, 200, 429 }, statuses, "The platform's limit is in force.");
        Assert.Contains("drizzle_certificate_expires_timestamp_seconds{host=\"b.acme.test\"}", await edge.OperationsAsync("/metrics"));
    }

    [TestMethod]
    [DataRow(SslProtocols.Tls12, true)]
    [DataRow(SslProtocols.Tls13, true)]
#pragma warning disable SYSLIB0039 // That it is old is what this is about.
    [DataRow(SslProtocols.Tls11, false)]
#pragma warning restore SYSLIB0039
    public async Task Nothing_older_than_TLS_1_2_is_spoken(SslProtocols protocol, bool isSpoken)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url), new EdgeOptions { Https = "https://127.0.0.1:0", SelfSigned = true, DrainTimeout = TimeSpan.FromSeconds(1) });
        if (isSpoken) Assert.Contains("Drizzle", await ShownAsync(edge, "localhost", protocol));
        else await Assert.ThrowsAsync<Exception>(() => ShownAsync(edge, "localhost", protocol));
    }

    [TestMethod]
    public async Task Hosts_are_kept_on_https_as_their_rules_say()
    {
        await using var upstream = await TestUpstream.StartAsync();
        var rules = """
                https:
                  - { hosts: [api.acme.test], redirect: true, port: 8443, hsts: { maxAge: 365d, includeSubDomains: true, preload: true } }
                  - { hosts: ["*.wild.test"], redirect: true }
            """;
        await using var edge = await RunningEdge.StartAsync(
            Gateway.Open(upstream.Url, more: rules).Replace("platform: { ", "platform: { trustedProxies: [127.0.0.1], ", StringComparison.Ordinal));
        using var redirected = await edge.GetAsync("/a%20b/../c?d=e%2F", change: r => r.Headers.Host = "api.acme.test");
        Assert.AreEqual(308, (int)redirected.StatusCode);
        Assert.AreEqual("https://api.acme.test:8443/c?d=e%2F", redirected.Headers.GetValues("Location").Single());
        Assert.IsFalse(redirected.Headers.Contains("Strict-Transport-Security"), "Over plain http anybody could say that.");
        using var wild = await edge.GetAsync("/x", change: r => r.Headers.Host = "b.wild.test");
        Assert.AreEqual("https://b.wild.test/x", wild.Headers.GetValues("Location").Single());
        Assert.IsEmpty(upstream.Seen);

        using var secure = await edge.GetAsync("/x", change: Secure("api.acme.test"));
        Assert.AreEqual(200, (int)secure.StatusCode);
        Assert.AreEqual("max-age=31536000; includeSubDomains; preload", secure.Headers.GetValues("Strict-Transport-Security").Single());
        using var other = await edge.GetAsync("/x", change: Secure("b.wild.test"));
        Assert.IsFalse(other.Headers.Contains("Strict-Transport-Security"));
        Assert.AreEqual(200, await edge.StatusAsync("/x"), "A host without a rule goes on as it was.");

        static Action<HttpRequestMessage> Secure(string host) => request =>
        {
            request.Headers.Host = host;
            request.Headers.Add("X-Forwarded-Proto", "https");
        };
    }

    /// <summary>The subject of the certificate that a client is shown.</summary>
    private static async Task<string> ShownAsync(RunningEdge edge, string host, SslProtocols protocols = SslProtocols.None)
    {
        var port = new Uri(edge.Host.GatewayAddresses.Single(a => a.StartsWith("https:", StringComparison.Ordinal))).Port;
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port).Soon();
        await using var stream = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host, EnabledSslProtocols = protocols }).Soon();
        return stream.RemoteCertificate?.Subject ?? "";
    }

    private static async Task WriteAsync(TestFolder folder, TestAuthority authority, string name, string? file = null)
    {
        using var certificate = authority.Issue($"CN={name}", n => n.AddDnsName("api.acme.test"), usage: "1.3.6.1.5.5.7.3.1");
        await File.WriteAllTextAsync(folder.File($"{file ?? name}.key"), certificate.GetECDsaPrivateKey()?.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(folder.File($"{file ?? name}.pem"), certificate.ExportCertificatePem());
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
