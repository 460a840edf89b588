using Drizzle.Contracts.Routing;

namespace Drizzle.Contracts.Tests.Routing;

[TestClass]
public sealed class HostPatternTests
{
    [TestMethod]
    [DataRow("acme.test")]
    [DataRow("localhost")]
    [DataRow("*.acme.test")]
    [DataRow("xn--bcher-kva.test")]
    [DataRow("a_b.test")]
    [DataRow("127.0.0.1")]
    public void Hosts_and_wildcards_are_accepted(string host) => Assert.IsNull(HostPattern.Error(host));

    [TestMethod]
    [DataRow("")]
    [DataRow("*")]
    [DataRow("*.")]
    [DataRow("*.*.test")]
    [DataRow("a.*.test")]
    [DataRow("a*.test")]
    [DataRow("Acme.test")]
    [DataRow("acme.test:80")]
    [DataRow("acme.test.")]
    [DataRow(".acme.test")]
    [DataRow("a..test")]
    [DataRow("-a.test")]
    [DataRow("a-.test")]
    [DataRow("a b.test")]
    [DataRow("b\u00fccher.test")]
    [DataRow("acme.test/x")]
    [DataRow("[::1]")]
    public void What_is_no_host_is_refused(string host) => Assert.IsFalse(string.IsNullOrEmpty(HostPattern.Error(host)));

    [TestMethod]
    public void A_host_is_bounded_in_length()
    {
        Assert.IsNull(HostPattern.Error(new string('a', 63)));
        Assert.IsNotNull(HostPattern.Error(new string('a', 64)));
        var longest = string.Join('.', Enumerable.Repeat("a", 127));
        Assert.IsNull(HostPattern.Error(longest));
        Assert.IsNotNull(HostPattern.Error(longest + ".a"));
    }

    [TestMethod]
    [DataRow("acme.test", "acme.test", true)]
    [DataRow("acme.test", "api.acme.test", false)]
    [DataRow("*.acme.test", "api.acme.test", true)]
    [DataRow("*.acme.test", "a.b.acme.test", true)]
    [DataRow("*.acme.test", "*.acme.test", true)]
    [DataRow("*.acme.test", "*.api.acme.test", true)]
    [DataRow("*.acme.test", "acme.test", false)]
    [DataRow("*.acme.test", "evilacme.test", false)]
    [DataRow("*.acme.test", ".acme.test", false)]
    [DataRow("api.acme.test", "*.acme.test", false)]
    [DataRow("*.api.acme.test", "*.acme.test", false)]
    public void A_wildcard_covers_what_is_below_it_alone(string pattern, string host, bool covers) =>
        Assert.AreEqual(covers, HostPattern.Covers(pattern, host));
}
