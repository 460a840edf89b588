using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Tests.Values;

[TestClass]
public sealed class RateTests
{
    [TestMethod]
    [DataRow("100/s", 100d)]
    [DataRow("60/m", 1d)]
    [DataRow("5400/h", 1.5d)]
    [DataRow("86400/d", 1d)]
    [DataRow("1000000/s", 1_000_000d)]
    [DataRow("60000000/m", 1_000_000d)]
    public void A_rate_prints_as_it_was_written(string text, double perSecond)
    {
        Assert.IsTrue(Rate.TryParse(text, out var rate));
        Assert.AreEqual(perSecond, rate.PerSecond);
        Assert.AreEqual(text, rate.ToString());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("100")]
    [DataRow("/s")]
    [DataRow("s/100")]
    [DataRow("0/s")]
    [DataRow("-1/s")]
    [DataRow("+1/s")]
    [DataRow("1.5/s")]
    [DataRow("1 /s")]
    [DataRow("1/ s")]
    [DataRow("1/S")]
    [DataRow("1/w")]
    [DataRow("1/ms")]
    [DataRow("1//s")]
    [DataRow("1000001/s")]
    [DataRow("60000001/m")]
    [DataRow("99999999999999999999/d")]
    public void What_is_no_rate_is_refused(string text) => Assert.IsFalse(Rate.TryParse(text, out _));
}
