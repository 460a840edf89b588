using Drizzle.Edge.Certificates;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Certificates;

[TestClass]
public sealed class ForwardedCertificateTests
{
    private static readonly TestAuthority Authority = new("Acme CA");

    [TestMethod]
    public void One_element_of_one_certificate_counts_whatever_stands_in_quotes()
    {
        using var near = Authority.Issue("CN=near");
        using var far = Authority.Issue("CN=far");
        string Element(string pem) => $"By=spiffe://edge;Hash=abc;Cert=\"{Uri.EscapeDataString(pem)}\";Subject=\"CN=a,O=b;C=d\";URI=spiffe://acme/root";
        var (nearPem, farPem) = (near.ExportCertificatePem(), far.ExportCertificatePem());
        Assert.AreEqual("CN=near", ForwardedCertificate.Read(Element(nearPem))?.Leaf.Subject);
        var withChain = $"{Element(nearPem)};Chain=\"{Uri.EscapeDataString(nearPem + "\n" + Authority.Pem)}\"";
        Assert.HasCount(2, ForwardedCertificate.Read(withChain)?.Others ?? []);
        Assert.IsNull(ForwardedCertificate.Read($"{Element(farPem)},{Element(nearPem)}"), "Which of them a client wrote is not known.");
        Assert.IsNull(ForwardedCertificate.Read($"{Element(farPem)};{Element(nearPem)}"));
        Assert.IsNull(ForwardedCertificate.Read($"Cert={Uri.EscapeDataString(farPem)};x=\",{Element(nearPem)}"), "A quote that a client leaves open swallows nothing.");
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
