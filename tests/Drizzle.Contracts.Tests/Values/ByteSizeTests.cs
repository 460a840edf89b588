using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Tests.Values;

[TestClass]
public sealed class ByteSizeTests
{
    [TestMethod]
    [DataRow("0B", 0L)]
    [DataRow("512B", 512L)]
    [DataRow("1025B", 1025L)]
    [DataRow("64KiB", 65_536L)]
    [DataRow("10MiB", 10_485_760L)]
    [DataRow("1GiB", 1_073_741_824L)]
    [DataRow("1048576GiB", 1L << 50)]
    public void A_size_prints_as_it_was_written(string text, long bytes)
    {
        Assert.IsTrue(ByteSize.TryParse(text, out var size));
        Assert.AreEqual(bytes, size.Bytes);
        Assert.AreEqual(text, size.ToString());
    }

    [TestMethod]
    [DataRow("1024B", "1KiB")]
    [DataRow("2048KiB", "2MiB")]
    [DataRow("0GiB", "0B")]
    public void A_size_prints_in_the_largest_unit_that_divides_it(string text, string printed)
    {
        Assert.IsTrue(ByteSize.TryParse(text, out var size));
        Assert.AreEqual(printed, size.ToString());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("B")]
    [DataRow("10")]
    [DataRow("-1B")]
    [DataRow("+1B")]
    [DataRow("1.5MiB")]
    [DataRow("1 MiB")]
    [DataRow("1MB")]
    [DataRow("1mib")]
    [DataRow("1048577GiB")]
    [DataRow("1125899906842625B")]
    [DataRow("9223372036854775807GiB")]
    [DataRow("99999999999999999999B")]
    public void What_is_no_size_is_refused(string text) => Assert.IsFalse(ByteSize.TryParse(text, out _));
}
