using System.Net;
using Drizzle.Contracts.Addresses;
using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Tests.Addresses;

[TestClass]
public sealed class DestinationRuleTests
{
    [TestMethod]
    [DataRow("127.0.0.1")]
    [DataRow("127.200.1.1")]
    [DataRow("0.0.0.0")]
    [DataRow("169.254.169.254")]
    [DataRow("100.100.100.200")]
    [DataRow("168.63.129.16")]
    [DataRow("192.0.0.192")]
    [DataRow("fd20:ce::254")]
    [DataRow("224.0.0.1")]
    [DataRow("255.255.255.255")]
    [DataRow("::1")]
    [DataRow("::")]
    [DataRow("fe80::1")]
    [DataRow("fd00:ec2::254")]
    [DataRow("ff02::1")]
    [DataRow("::ffff:127.0.0.1")]
    [DataRow("::ffff:169.254.169.254")]
    [DataRow("64:ff9b::7f00:1")]
    [DataRow("64:ff9b::a9fe:a9fe")]
    public void What_only_the_edge_can_reach_is_closed(string address)
    {
        Assert.IsFalse(new DestinationRule(new Platform(), allowsLoopback: false).Allows(IPAddress.Parse(address)));
        Assert.IsFalse(new DestinationRule(new Platform { AllowedDestinations = ["10.0.0.0/8"] }, allowsLoopback: false).Allows(IPAddress.Parse(address)));
    }

    [TestMethod]
    [DataRow("10.0.0.1")]
    [DataRow("192.168.1.1")]
    [DataRow("128.0.0.1")]
    [DataRow("8.8.8.8")]
    [DataRow("2001:db8::1")]
    [DataRow("fd00::1")]
    [DataRow("64:ff9b::808:808")]
    public void Others_are_open(string address) => Assert.IsTrue(new DestinationRule(new Platform(), allowsLoopback: false).Allows(IPAddress.Parse(address)));

    [TestMethod]
    [DataRow("127.0.0.0/8", "127.3.2.1", true)]
    [DataRow("127.0.0.1", "127.0.0.1", true)]
    [DataRow("127.0.0.1", "127.0.0.2", false)]
    [DataRow("::1", "::1", true)]
    [DataRow("127.0.0.0/8", "::ffff:127.0.0.1", true)]
    [DataRow("127.0.0.0/8", "169.254.169.254", false)]
    public void The_platforms_owner_may_open_ranges(string allowed, string address, bool isOpen) =>
        Assert.AreEqual(isOpen, new DestinationRule(new Platform { AllowedDestinations = [allowed] }, allowsLoopback: false).Allows(IPAddress.Parse(address)));

    [TestMethod]
    [DataRow("127.0.0.1", true)]
    [DataRow("::1", true)]
    [DataRow("169.254.169.254", false)]
    public void One_process_for_one_person_may_reach_its_own_machine(string address, bool isOpen) =>
        Assert.AreEqual(isOpen, new DestinationRule(new Platform(), allowsLoopback: true).Allows(IPAddress.Parse(address)));
}
