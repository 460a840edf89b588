using System.Globalization;
using Drizzle.Contracts.Limits.Quotas;
using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Tests.Limits;

[TestClass]
public sealed class QuotaCalendarTests
{
    [TestMethod]
    [DataRow("Europe/Berlin", QuotaWindow.Month, "2026-03-15T12:00:00Z", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z", DisplayName = "a month that changes to summer time")]
    [DataRow("Europe/Berlin", QuotaWindow.Day, "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", DisplayName = "a day of 23 hours")]
    [DataRow("Europe/Berlin", QuotaWindow.Day, "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", DisplayName = "a day of 25 hours")]
    [DataRow("Europe/Berlin", QuotaWindow.Hour, "2026-10-25T00:30:00Z", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", DisplayName = "an hour that comes twice, first")]
    [DataRow("Europe/Berlin", QuotaWindow.Hour, "2026-10-25T01:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z", DisplayName = "an hour that comes twice, again")]
    [DataRow("Africa/Cairo", QuotaWindow.Day, "2026-04-24T12:00:00Z", "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z", DisplayName = "a day without a midnight")]
    [DataRow("Asia/Kolkata", QuotaWindow.Hour, "2026-05-05T12:45:00Z", "2026-05-05T12:30:00Z", "2026-05-05T13:30:00Z", DisplayName = "hours at half past")]
    [DataRow("Asia/Kolkata", QuotaWindow.Month, "2026-12-31T20:00:00Z", "2026-12-31T18:30:00Z", "2027-01-31T18:30:00Z", DisplayName = "the next year")]
    [DataRow("America/Havana", QuotaWindow.Day, "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", DisplayName = "a midnight that comes twice")]
    [DataRow(null, QuotaWindow.Minute, "2026-05-05T12:45:59.999Z", "2026-05-05T12:45:00Z", "2026-05-05T12:46:00Z", DisplayName = "minutes")]
    [DataRow(null, QuotaWindow.Month, "2024-02-29T23:59:59Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z", DisplayName = "a leap year")]
    public void A_window_begins_and_ends_by_the_local_clock(string? zone, QuotaWindow per, string at, string start, string end) =>
        Assert.AreEqual(new QuotaSpan(Second(start), Second(end)), QuotaCalendar.Of(zone).At(per, Time(at)));

    [TestMethod]
    [DataRow("Europe/Berlin")]
    [DataRow("Africa/Cairo")]
    [DataRow("America/Havana")]
    [DataRow("Australia/Lord_Howe")]
    [DataRow("America/St_Johns")]
    [DataRow("Pacific/Apia")]
    public void Every_instant_of_a_year_is_in_its_window_and_windows_follow_each_other(string zone)
    {
        var calendar = QuotaCalendar.Of(zone);
        foreach (var per in Enum.GetValues<QuotaWindow>())
        {
            var last = long.MinValue;
            for (var at = Time("2025-12-30T00:00:00Z"); at.Year < 2027; at = at.AddMinutes(per == QuotaWindow.Minute ? 7 : 10))
            {
                var span = calendar.At(per, at);
                Assert.IsTrue(span.Holds(at.ToUnixTimeSeconds()), $"{zone} {per} {at:O}");
                Assert.IsGreaterThanOrEqualTo(last, span.Start, $"{zone} {per} {at:O}");
                last = span.Start;
            }
        }
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static long Second(string text) => Time(text).ToUnixTimeSeconds();
}
