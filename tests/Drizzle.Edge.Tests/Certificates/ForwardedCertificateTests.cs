using Drizzle.Edge.Certificates;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Certificates;

[TestClass]
public sealed class ForwardedCertificateTests
{
    private static readonly TestAuthority Authority = new("Acme CA");

    [TestMethod]
    public void The_last_element_counts_whatever_stands_in_quotes()
    {
        using var near = Authority.Issue("CN=near");
        using var far = Authority.Issue("CN=far");
        string Element(string pem) => $"By=spiffe://edge;Hash=abc;Cert=\"{Uri.EscapeDataString(pem)}\";Subject=\"CN=a,O=b;C=\\\"d\\\"\";URI=spiffe://acme/root";
        Assert.AreEqual("CN=near", ForwardedCertificate.Read($"{Element(far.ExportCertificatePem())},{Element(near.ExportCertificatePem())}")?.Leaf.Subject);
        var withChain = $"{Element(near.ExportCertificatePem())};Chain=\"{Uri.EscapeDataString(near.ExportCertificatePem() + "\n" + Authority.Pem)}\"";
        Assert.HasCount(2, ForwardedCertificate.Read(withChain)?.Others ?? []);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(",")]
    [DataRow(";;==")]
    [DataRow("Hash=abc;Subject=\"CN=root\";URI=spiffe://acme/root")]
    [DataRow("Cert=")]
    [DataRow("Cert=\"nothing\"")]
    [DataRow("Cert=\"-----BEGIN%20CERTIFICATE-----%0AAAAA%0A-----END%20CERTIFICATE-----\"")]
    [DataRow("Cert=\"unfinished")]
    [DataRow("\\")]
    public void Without_a_certificate_there_is_none(string header) => Assert.IsNull(ForwardedCertificate.Read(header));
}
