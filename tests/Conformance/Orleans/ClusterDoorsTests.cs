using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Drizzle.Conformance.Postgres;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Silo;
using Drizzle.Testing;

namespace Drizzle.Conformance.Orleans;

/// <summary>Who may talk to silos: with TLS, those that have a certificate of the cluster's authority; and nobody who speaks another version.</summary>
[TestClass]
public sealed class ClusterDoorsTests
{
    [TestMethod]
    public async Task With_tls_silos_and_clients_of_one_authority_find_each_other_and_nobody_else_gets_in()
    {
        using var folder = new TestFolder();
        using var authority = new TestAuthority("cluster");
        using var stranger = new TestAuthority("stranger");
        var cluster = new SiloCluster(await PostgresFixture.CreateDatabaseAsync(), Tls: Issue(authority, folder, "member"));
        await using var first = await RunningSilo.StartAsync(cluster);
        // A silo that cannot reach the others does not join.
        await using var second = await RunningSilo.StartAsync(cluster);
        await using var engine = OrleansEngine.Connect(cluster, TimeProvider.System);
        await Eventually.TrueAsync(async () => await OrleansFixture.IsThereAsync(engine), "a client with a certificate is served");

        foreach (var port in (int[])[first.Options.Port, first.Options.Gateway])
        {
            await ExpectHungUpAsync(port, Issue(stranger, folder, "stranger"));
            await ExpectHungUpAsync(port, null);
            await ExpectHungUpInTheClearAsync(port);
        }
    }

    [TestMethod]
    [DataRow(ContractVersion.Oldest - 1, "Bring it to the version of the silos.")]
    [DataRow(ContractVersion.Spoken + 1, "Bring the silos to its version first")]
    public async Task A_client_of_another_version_is_refused_with_a_sentence(int version, string says)
    {
        var cluster = new SiloCluster(await PostgresFixture.CreateDatabaseAsync());
        await using var silo = await RunningSilo.StartAsync(cluster);
        await using var client = SiloConnection.Start(cluster, version);
        var refusal = "";
        await Eventually.TrueAsync(
            async () =>
            {
                refusal = (await Assert.ThrowsExactlyAsync<EngineException>(async () => await client.CallAsync(grains => grains.GetGrain<IShardFinderGrain>(0).SilosAsync(), CancellationToken.None))).Message;
                return !refusal.StartsWith("No silo has been found yet", StringComparison.Ordinal);
            },
            "a silo answers");
        StringAssert.Contains(refusal, says);
    }

    [TestMethod]
    public async Task A_client_that_was_there_before_any_silo_finds_one_whatever_time_it_is_told()
    {
        var cluster = new SiloCluster(await PostgresFixture.CreateDatabaseAsync());
        await using var engine = OrleansEngine.Connect(cluster, new FakeClock());
        Assert.IsFalse(await OrleansFixture.IsThereAsync(engine));
        await using var silo = await RunningSilo.StartAsync(cluster);
        await Eventually.TrueAsync(async () => await OrleansFixture.IsThereAsync(engine), "it finds the silo");
    }

    [TestMethod]
    public async Task A_silo_may_call_others_and_itself_and_becomes_ready()
    {
        var cluster = new SiloCluster(await PostgresFixture.CreateDatabaseAsync());
        await using var silo = await RunningSilo.StartAsync(cluster, opensAhead: true);
        await silo.ReadyAsync();
    }

    [TestMethod]
    public void Tls_wants_all_three_files_and_says_which_cannot_be_read()
    {
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => SiloCluster.From("", name => name == "Drizzle__Silo__TlsCaFile" ? "ca.pem" : null)).Message, "all three");
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => SiloCluster.From("", name => name.Contains("Tls", StringComparison.Ordinal) ? "/nowhere/file.pem" : null)).Message, "/nowhere/file.pem");
        Assert.IsNull(SiloCluster.From("", _ => null).Tls);
    }

    /// <summary>A silo waits for what whoever connects says first: only one that does not take the certificate hangs up before.</summary>
    private static async Task ExpectHungUpAsync(int port, SiloTls? tls)
    {
        using var socket = await ConnectAsync(port);
        await using var stream = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        using var certificate = tls is null ? null : X509Certificate2.CreateFromPemFile(tls.CertificateFile, tls.KeyFile);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "silo", ClientCertificates = certificate is null ? null : [certificate] }, patience.Token);
            Assert.AreEqual(0, await stream.ReadAsync(new byte[1], patience.Token));
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            // Refused in the handshake, or right after it.
        }
    }

    private static async Task ExpectHungUpInTheClearAsync(int port)
    {
        using var socket = await ConnectAsync(port);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        var received = new byte[64];
        try
        {
            await socket.SendAsync(new byte[64], patience.Token);
            while (await socket.ReceiveAsync(received, patience.Token) > 0) Assert.AreEqual(21, received[0], "Nothing but an alert of TLS.");
        }
        catch (SocketException)
        {
            // Reset.
        }
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }

    private static SiloTls Issue(TestAuthority authority, TestFolder folder, string name)
    {
        var (certificate, key, trusted) = authority.WriteMember(folder, name);
        return new SiloTls(certificate, key, trusted);
    }
}
