using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Tests.Values;

[TestClass]
public sealed class DurationTests
{
    [TestMethod]
    [DataRow("0s", 0L)]
    [DataRow("1ms", 1L)]
    [DataRow("250ms", 250L)]
    [DataRow("3s", 3_000L)]
    [DataRow("1m30s", 90_000L)]
    [DataRow("1h", 3_600_000L)]
    [DataRow("7d", 604_800_000L)]
    [DataRow("1d2h3m4s5ms", 93_784_005L)]
    [DataRow("3650d", 315_360_000_000L)]
    public void A_duration_prints_as_it_was_written(string text, long milliseconds)
    {
        Assert.IsTrue(Duration.TryParse(text, out var duration));
        Assert.AreEqual(TimeSpan.FromMilliseconds(milliseconds), duration.Value);
        Assert.AreEqual(text, duration.ToString());
    }

    [TestMethod]
    [DataRow("90s", "1m30s")]
    [DataRow("1.5s", "1s500ms")]
    [DataRow("1.5h", "1h30m")]
    [DataRow("24h", "1d")]
    [DataRow("0.5ms", "0.5ms")]
    [DataRow("0ms", "0s")]
    public void A_duration_prints_in_its_largest_units(string text, string printed)
    {
        Assert.IsTrue(Duration.TryParse(text, out var duration));
        Assert.AreEqual(printed, duration.ToString());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("-1s")]
    [DataRow("5")]
    [DataRow("s")]
    [DataRow("1 s")]
    [DataRow(" 1s")]
    [DataRow("1s ")]
    [DataRow("1S")]
    [DataRow("1min")]
    [DataRow("1us")]
    [DataRow("1.2.3s")]
    [DataRow(".s")]
    [DataRow("1e3s")]
    [DataRow("1,5s")]
    [DataRow("1s-1s")]
    [DataRow("soon")]
    [DataRow("NaNs")]
    [DataRow("3651d")]
    [DataRow("3650d1ms")]
    [DataRow("99999999999999999999999d")]
    public void What_is_no_duration_is_refused(string text) => Assert.IsFalse(Duration.TryParse(text, out _));

    [TestMethod]
    public void A_number_beyond_every_double_is_refused() => Assert.IsFalse(Duration.TryParse(new string('9', 400) + "ms", out _));

    [TestMethod]
    public void Every_tick_survives_printing_and_parsing()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var longest = i % 2 == 0 ? TimeSpan.FromMinutes(10).Ticks : TimeSpan.FromDays(3650).Ticks;
            var duration = new Duration(new TimeSpan(random.NextInt64(longest)));
            Assert.IsTrue(Duration.TryParse(duration.ToString(), out var again));
            Assert.AreEqual(duration.Value.Ticks, again.Value.Ticks, duration.ToString());
        }
    }
}
