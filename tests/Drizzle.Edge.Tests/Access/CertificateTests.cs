using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Tests.Access;

/// <summary>Client certificates over real handshakes.</summary>
[TestClass]
public sealed class CertificateTests
{
    private static readonly TestAuthority Authority = new("Acme CA");
    private static readonly TestAuthority Stranger = new("Stranger CA");
    private static readonly X509Certificate2 Mobile = Authority.Issue("CN=mobile", n => n.AddDnsName("mobile.acme.test"));
    private static readonly X509Certificate2 Unknown = Authority.Issue("CN=unknown", n => n.AddUri(new Uri("spiffe://acme/unknown")));

    [TestMethod]
    [DataRow("1.1")]
    [DataRow("2.0")]
    public async Task A_certificate_of_the_tenants_authority_is_a_credential(string version)
    {
        await using var run = await Run.UpAsync();
        Assert.AreEqual(200, await run.StatusAsync("/mtls/1", Mobile, version: version));
        Assert.AreEqual(200, await run.StatusAsync("/mtls/1", Unknown, version: version), "It belongs to no consumer, and policies may let it pass.");
        Assert.AreEqual(401, await run.StatusAsync("/mtls/1", null, version: version));
        using var foreign = Stranger.Issue("CN=mobile", n => n.AddDnsName("mobile.acme.test"));
        Assert.AreEqual(401, await run.StatusAsync("/mtls/1", foreign, version: version));
        Assert.AreEqual(401, await run.StatusAsync("/keyed/1", Mobile, version: version), "The route wants a key.");
        Assert.AreEqual(2, run.Upstream.Seen.Count);
    }

    [TestMethod]
    [DataRow("""permit(principal == Certificate::"dns:mobile.acme.test", action, resource);""", true, false)]
    [DataRow("""permit(principal in Consumer::"mobile", action, resource);""", true, false)]
    [DataRow("""permit(principal in Role::"app", action, resource);""", true, false)]
    [DataRow("""permit(principal is Certificate, action, resource) when { principal.subject == "CN=unknown" };""", false, true)]
    [DataRow("""permit(principal is Certificate, action, resource) when { principal.names.contains("uri:spiffe://acme/unknown") };""", false, true)]
    [DataRow("""permit(principal, action, resource) when { context.mtls };""", true, true)]
    public async Task Policies_see_the_caller_as_the_certificate_has_it(string policy, bool isMobileAllowed, bool isUnknownAllowed)
    {
        await using var run = await Run.UpAsync($"{{ name: p, cedar: '{policy}' }}");
        Assert.AreEqual(isMobileAllowed ? 200 : 403, await run.StatusAsync("/mtls/1", Mobile));
        Assert.AreEqual(isUnknownAllowed ? 200 : 403, await run.StatusAsync("/mtls/1", Unknown));
    }

    [TestMethod]
    public async Task Key_and_certificate_go_together_where_they_are_of_one_consumer()
    {
        await using var run = await Run.UpAsync("""{ name: p, cedar: 'permit(principal is Key, action, resource) when { context.mtls };' }""");
        var mobile = await run.Edge.AddKeyAsync("acme", "mobile");
        var web = await run.Edge.AddKeyAsync("acme", "web");
        Assert.AreEqual(200, await run.StatusAsync("/both/1", Mobile, mobile));
        Assert.AreEqual(401, await run.StatusAsync("/both/1", Mobile, web));
        Assert.AreEqual(200, await run.StatusAsync("/both/1", Unknown, web), "The certificate is nobody's in particular.");
        Assert.AreEqual(200, await run.StatusAsync("/keyed/1", Mobile, web), "The route takes keys alone, and the policy wants a certificate besides.");
        Assert.AreEqual(403, await run.StatusAsync("/keyed/1", null, web));
        using var foreign = Stranger.Issue("CN=mobile");
        Assert.AreEqual(401, await run.StatusAsync("/both/1", foreign, mobile), "A bad credential is refused beside a good one.");
        Assert.AreEqual(403, await run.StatusAsync("/keyed/1", foreign, mobile), "Where it is no credential it is as if it were not there.");
    }

    [TestMethod]
    public async Task A_host_in_the_head_that_is_not_the_handshakes_gains_nothing()
    {
        await using var run = await Run.UpAsync();
        Assert.AreEqual(200, await run.StatusAsync("api.acme.test", "api.acme.test"));
        Assert.AreEqual(401, await run.StatusAsync("api.acme.test", "other.test"), "The other tenant has another authority.");
        Assert.AreEqual(401, await run.StatusAsync("nobody.test", "api.acme.test"), "Where none is asked for there is none.");
    }

    [TestMethod]
    public async Task A_certificate_that_is_revoked_is_dead_on_connections_that_are_open()
    {
        await using var run = await Run.UpAsync();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        run.Upstream.Answer = async http =>
        {
            if (http.Request.Path != "/mtls/stream") return;
            await http.Response.WriteAsync("so far");
            await http.Response.Body.FlushAsync();
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        };
        using var client = run.ClientWith(Mobile);
        using var open = await client.GetAsync(run.At("/mtls/stream"), HttpCompletionOption.ResponseHeadersRead).Soon();
        await arrived.Task.Soon();
        Assert.AreEqual(200, await Run.StatusAsync(client, run.At("/mtls/1")));
        await run.Edge.ApplyAsync(run.Yaml(crl: Authority.Revoking(Mobile)));
        await Assert.ThrowsAsync<Exception>(() => open.Content.ReadAsStringAsync().Soon());
        Assert.AreEqual(401, await Run.StatusAsync(client, run.At("/mtls/1")));
        Assert.AreEqual(200, await run.StatusAsync("/mtls/1", Unknown));
    }

    [TestMethod]
    public async Task A_trusted_proxy_says_what_its_client_showed_and_nobody_else_does()
    {
        await using var run = await Run.UpAsync(platform: "trustedProxies: [127.0.0.1], ");
        string Header(X509Certificate2 certificate) => $"Hash=abc;Cert=\"{Uri.EscapeDataString(certificate.ExportCertificatePem())}\"";
        Assert.AreEqual(200, await run.Edge.StatusAsync("/mtls/1", change: r => Forward(r, Header(Mobile))));
        Assert.IsFalse(run.Upstream.Seen.Last().Headers.ContainsKey("X-Forwarded-Client-Cert"));
        Assert.AreEqual(200, await run.Edge.StatusAsync("/mtls/1", change: r => Forward(r, Header(Mobile))), "It is remembered.");
        Assert.AreEqual(401, await run.Edge.StatusAsync("/mtls/1", change: r => Forward(r, "")));
        Assert.AreEqual(401, await run.Edge.StatusAsync("/mtls/1", change: r => Forward(r, "Hash=abc;Subject=\"CN=mobile\";DNS=mobile.acme.test")), "Words are none.");
        using var foreign = Stranger.Issue("CN=mobile", n => n.AddDnsName("mobile.acme.test"));
        Assert.AreEqual(401, await run.Edge.StatusAsync("/mtls/1", change: r => Forward(r, Header(foreign))));
        Assert.AreEqual(401, await run.StatusAsync("/mtls/1", Mobile), "The proxy's own certificate is not its client's.");

        await using var untrusting = await Run.UpAsync();
        Assert.AreEqual(401, await untrusting.Edge.StatusAsync("/mtls/1", change: r => Forward(r, Header(Mobile))));

        static void Forward(HttpRequestMessage request, string header)
        {
            request.Headers.Host = "api.acme.test";
            request.Headers.TryAddWithoutValidation("X-Forwarded-Client-Cert", header);
        }
    }

    private sealed class Run(RunningEdge edge, TestUpstream upstream, string platform) : IAsyncDisposable
    {
        private const string Everything = "{ name: all, cedar: 'permit(principal, action, resource);' }";
        private readonly Uri _https = new(edge.Host.GatewayAddresses.Single(a => a.StartsWith("https:", StringComparison.Ordinal)));

        public RunningEdge Edge { get; } = edge;

        public TestUpstream Upstream { get; } = upstream;

        public static async Task<Run> UpAsync(string policies = Everything, string platform = "")
        {
            var upstream = await TestUpstream.StartAsync();
            return new(await RunningEdge.StartAsync(Yaml(upstream, policies, platform, null), new EdgeOptions { Https = "https://127.0.0.1:0", SelfSigned = true, DrainTimeout = TimeSpan.FromSeconds(1) }), upstream, platform);
        }

        public string Yaml(string? crl) => Yaml(Upstream, Everything, platform, crl);

        public Uri At(string path) => new($"https://api.acme.test:{_https.Port}{path}");

        /// <summary>Resolves every name to this edge.</summary>
        public HttpClient ClientWith(X509Certificate2? certificate) => new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _https.Port), cancellation);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
            },
        });

        public async Task<int> StatusAsync(string path, X509Certificate2? certificate, string? key = null, string version = "1.1")
        {
            using var client = ClientWith(certificate);
            return await StatusAsync(client, At(path), key, version);
        }

        /// <summary>A request whose handshake names one host and whose head another, with the certificate of mobile.</summary>
        public async Task<int> StatusAsync(string inHandshake, string inHead)
        {
            using var socket = new System.Net.Sockets.TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, _https.Port).Soon();
            await using var stream = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = inHandshake, ClientCertificates = [Mobile] }).Soon();
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET /mtls/1 HTTP/1.1\r\nHost: {inHead}\r\nConnection: close\r\n\r\n"));
            return RawClient.StatusOf(await new StreamReader(stream).ReadToEndAsync().Soon());
        }

        public static async Task<int> StatusAsync(HttpClient client, Uri url, string? key = null, string version = "1.1")
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            if (key is not null) request.Headers.Add("X-API-Key", key);
            using var answer = await client.SendAsync(request).Soon();
            return (int)answer.StatusCode;
        }

        public async ValueTask DisposeAsync()
        {
            await Edge.DisposeAsync();
            await Upstream.DisposeAsync();
        }

        private static string Yaml(TestUpstream upstream, string policies, string platform, string? crl) => $$"""
            platform: { {{platform}}addressLimit: { rate: 1000000/s, burst: 1000000 } }
            tenants:
              - slug: acme
                hosts: [127.0.0.1, api.acme.test]
                policies: [{{policies}}]
                clientCertificates: { ca: {{Text(Authority.Pem)}}, crl: {{Text(crl ?? Authority.Revoking())}} }
                services: [{ slug: orders, destinations: [{ url: "{{upstream.Url}}" }] }]
                consumers: [{ name: mobile, roles: [app], certificates: ["dns:Mobile.acme.test"] }, { name: web }]
                routes:
                  - { name: mtls, service: orders, auth: [mtls], match: { paths: [/mtls/**] } }
                  - { name: both, service: orders, auth: [key, mtls], match: { paths: [/both/**] } }
                  - { name: keyed, service: orders, match: { paths: [/keyed/**] } }
              - slug: other
                hosts: [other.test]
                policies: [{{Everything}}]
                clientCertificates: { ca: {{Text(Stranger.Pem)}} }
                services: [{ slug: orders, destinations: [{ url: "{{upstream.Url}}" }] }]
                routes:
                  - { name: mtls, service: orders, auth: [mtls], match: { paths: [/mtls/**] } }
            """;

        private static string Text(string pem) => System.Text.Json.JsonSerializer.Serialize(pem);
    }
}
