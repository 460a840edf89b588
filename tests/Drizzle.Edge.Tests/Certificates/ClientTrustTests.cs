using System.Security.Cryptography.X509Certificates;
using Drizzle.Contracts.Model;
using Drizzle.Edge.Certificates;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Certificates;

/// <summary>Certificates good and bad, each judged by itself.</summary>
[TestClass]
public sealed class ClientTrustTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TestAuthority Authority = new("Acme CA");
    private static readonly TestAuthority Stranger = new("Acme CA");

    [TestMethod]
    public void A_certificate_of_the_authority_is_trusted_and_its_names_find_its_consumer()
    {
        using var certificate = Authority.Issue("CN=ship, O=Acme", n =>
        {
            n.AddDnsName("Ship.acme.test");
            n.AddUri(new Uri("spiffe://acme/ship"));
            n.AddEmailAddress("ops@acme.test");
        });
        foreach (var (name, consumer) in new[] { ("uri:spiffe://acme/ship", "c"), ("dns:SHIP.acme.test", "c"), ("email:ops@acme.test", "c"), ("subject:CN=ship,O=Acme", "c"), ("dns:other.test", null) })
        {
            var verdict = Judge(certificate, owner: name);
            Assert.IsNotNull(verdict.Certificate, verdict.Refusal?.Detail);
            Assert.AreEqual(consumer, verdict.Certificate.Consumer, name);
            Assert.AreEqual("uri:spiffe://acme/ship", verdict.Certificate.Name);
        }
    }

    [TestMethod]
    public void What_has_no_extended_usage_may_be_a_client_and_what_is_a_servers_may_not()
    {
        using var any = Authority.Issue("CN=any", usage: null);
        Assert.IsNotNull(Judge(any).Certificate);
        using var server = Authority.Issue("CN=server", usage: "1.3.6.1.5.5.7.3.1");
        Assert.Contains("authentication of clients", Judge(server).Refusal?.Detail ?? "");
    }

    [TestMethod]
    public void Time_counts_to_the_second()
    {
        using var certificate = Authority.Issue("CN=brief", from: Now, until: Now.AddHours(1));
        Assert.IsNotNull(Judge(certificate, at: Now).Certificate);
        Assert.IsNotNull(Judge(certificate, at: Now.AddHours(1).AddSeconds(-1)).Certificate);
        Assert.Contains("expired", Judge(certificate, at: Now.AddHours(1).AddSeconds(1)).Refusal?.Detail ?? "");
        Assert.Contains("not good yet", Judge(certificate, at: Now.AddSeconds(-1)).Refusal?.Detail ?? "");
    }

    [TestMethod]
    public void What_was_judged_is_remembered_and_ends_when_it_ends()
    {
        using var certificate = Authority.Issue("CN=brief", from: Now, until: Now.AddHours(1));
        var (trust, presented) = (Trust(), new PresentedCertificate(certificate, []));
        Assert.Contains("not good yet", trust.Judge(presented, Now.AddSeconds(-30)).Refusal?.Detail ?? "");
        Assert.IsNotNull(trust.Judge(presented, Now.AddSeconds(31)).Certificate, "A refusal is remembered for a minute.");
        Assert.AreSame(trust.Judge(presented, Now.AddMinutes(5)).Certificate, trust.Judge(new PresentedCertificate(certificate, []), Now.AddMinutes(9)).Certificate);
        Assert.Contains("expired", trust.Judge(presented, Now.AddHours(2)).Refusal?.Detail ?? "");
    }

    [TestMethod]
    public void An_authority_of_the_same_name_is_another()
    {
        using var certificate = Stranger.Issue("CN=ship");
        Assert.Contains("none of the accepted authorities", Judge(certificate).Refusal?.Detail ?? "");
        using var own = SelfSigned();
        Assert.Contains("none of the accepted authorities", Judge(own).Refusal?.Detail ?? "");
        using var leafAsAuthority = Authority.Issue("CN=leaf");
        using var forged = Forged(leafAsAuthority);
        Assert.IsNull(Judge(forged, others: leafAsAuthority).Certificate, "A client's certificate signs nobody else's.");
    }

    [TestMethod]
    public void Certificates_between_are_sent_along_and_a_chain_ends()
    {
        using var first = Authority.Below("First");
        using var certificate = first.Issue("CN=ship");
        using var between = X509Certificate2.CreateFromPem(first.Pem);
        Assert.IsNotNull(Judge(certificate, others: between).Certificate);
        Assert.IsNull(Judge(certificate).Certificate, "What is between is missing.");

        var authorities = new List<TestAuthority> { first };
        for (var i = 0; i < 4; i++) authorities.Add(authorities[^1].Below($"Below {i}"));
        using var deep = authorities[^1].Issue("CN=deep");
        Assert.Contains("More than 5", Judge(deep, others: [.. authorities.Select(a => X509Certificate2.CreateFromPem(a.Pem))]).Refusal?.Detail ?? "");
    }

    [TestMethod]
    public void An_authority_that_is_no_root_is_where_trust_ends()
    {
        using var first = Authority.Below("First");
        using var second = Authority.Below("Second");
        using var certificate = first.Issue("CN=ship");
        using var cousin = second.Issue("CN=cousin");
        using var root = X509Certificate2.CreateFromPem(Authority.Pem);
        using var between = X509Certificate2.CreateFromPem(second.Pem);
        Assert.IsNotNull(Judge(certificate, ca: first.Pem).Certificate);
        Assert.IsNull(Judge(cousin, ca: first.Pem, others: [between, root]).Certificate, "The root above it is not trusted.");
        Assert.IsNotNull(Judge(certificate, ca: first.Pem, others: root).Certificate, "What is sent along of what is above it does not matter.");
        using var brief = Authority.Below("Brief", until: Now);
        using var outlives = brief.Issue("CN=ship");
        Assert.IsNotNull(Judge(outlives, ca: brief.Pem, at: Now.AddDays(-1)).Certificate);
        Assert.Contains("expired", Judge(outlives, ca: brief.Pem, at: Now.AddDays(1)).Refusal?.Detail ?? "", "An authority ends too.");
    }

    [TestMethod]
    public void What_is_revoked_is_refused_and_so_is_what_is_below_it()
    {
        using var first = Authority.Below("First");
        using var below = X509Certificate2.CreateFromPem(first.Pem);
        using var good = Authority.Issue("CN=good");
        using var bad = Authority.Issue("CN=bad");
        using var ofBad = first.Issue("CN=ship");
        var crl = Authority.Revoking(bad, below);
        Assert.IsNotNull(Judge(good, crl: crl).Certificate);
        Assert.Contains("revoked", Judge(bad, crl: crl).Refusal?.Detail ?? "");
        Assert.Contains("revoked", Judge(ofBad, crl: crl, others: below).Refusal?.Detail ?? "");
        var verified = Judge(bad).Certificate;
        Assert.IsNotNull(verified);
        Assert.IsTrue(Trust().StillTrusts(verified));
        Assert.IsFalse(Trust(crl: crl).StillTrusts(verified));
        Assert.IsFalse(Trust(ca: Stranger.Pem).StillTrusts(verified));
    }

    [TestMethod]
    public void A_revocation_list_of_somebody_else_is_refused()
    {
        Assert.Contains("signed by none", Assert.ThrowsExactly<FormatException>(() => Trust(crl: Stranger.Revoking())).Message);
        Assert.ThrowsExactly<FormatException>(() => Trust(crl: Authority.Pem));
        Assert.ThrowsExactly<FormatException>(() => Trust(crl: "nothing"));
        Assert.ThrowsExactly<FormatException>(() => Trust(crl: "-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----"));
        using var leaf = Authority.Issue("CN=leaf");
        Assert.Contains("no authority's", Assert.ThrowsExactly<FormatException>(() => Trust(ca: leaf.ExportCertificatePem())).Message);
    }

    private static CertificateVerdict Judge(X509Certificate2 certificate, string owner = "dns:x.test", string? ca = null, string? crl = null, DateTimeOffset? at = null, params X509Certificate2[] others) =>
        Trust(owner, ca, crl).Judge(new PresentedCertificate(certificate, [.. others]), at ?? Now);

    private static ClientTrust Trust(string owner = "dns:x.test", string? ca = null, string? crl = null) =>
        ClientTrust.Of(new Tenant { Slug = "acme", Consumers = [new Consumer { Name = "c", Certificates = [owner] }], ClientCertificates = new() { Ca = ca ?? Authority.Pem, Crl = crl } }, null, null) ?? throw new InvalidOperationException("No trust.");

    private static X509Certificate2 SelfSigned()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        return new CertificateRequest("CN=ship", key, System.Security.Cryptography.HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
    }

    /// <summary>Signed with the key of a certificate that is no authority's.</summary>
    private static X509Certificate2 Forged(X509Certificate2 signer)
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        using var signing = signer.GetECDsaPrivateKey();
        Assert.IsNotNull(signing);
        var request = new CertificateRequest("CN=forged", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        return request.Create(signer.SubjectName, X509SignatureGenerator.CreateForECDsa(signing), Now.AddDays(-1), Now.AddDays(1), [1, 2, 3]);
    }
}
