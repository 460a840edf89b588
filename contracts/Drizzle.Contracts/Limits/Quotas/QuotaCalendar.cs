using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Limits.Quotas;

/// <summary>One window of a quota: from <paramref name="Start"/> until before <paramref name="End"/>, seconds since 1970.</summary>
public readonly record struct QuotaSpan(long Start, long End)
{
    public bool Holds(long second) => second >= Start && second < End;
}

/// <summary>
/// Calendar windows in a time zone. Days and months begin at local midnight, or where a clock that is put forward skips that, at the first instant after it; so
/// a day may have 23 or 25 hours. An hour that a clock put back repeats is another window.
/// </summary>
public sealed class QuotaCalendar(TimeZoneInfo zone)
{
    public static readonly QuotaCalendar Utc = new(TimeZoneInfo.Utc);

    /// <param name="id">An IANA name; UTC when null.</param>
    /// <exception cref="TimeZoneNotFoundException">There is none of this name.</exception>
    public static QuotaCalendar Of(string? id) => id is null ? Utc : new(TimeZoneInfo.FindSystemTimeZoneById(id));

    /// <summary>The window that holds an instant.</summary>
    public QuotaSpan At(QuotaWindow per, DateTimeOffset now) => per switch
    {
        QuotaWindow.Minute => Aligned(now, 60),
        QuotaWindow.Hour => Aligned(now, 3600),
        QuotaWindow.Day => Days(now, LocalDay(now), day => day.AddDays(1)),
        _ => Days(now, LocalDay(now) is var day ? day.AddDays(1 - day.Day) : default, day => day.AddMonths(1)),
    };

    /// <summary>By the local clock: there are zones whose hours begin at half past.</summary>
    private QuotaSpan Aligned(DateTimeOffset now, long length)
    {
        var offset = (long)zone.GetUtcOffset(now).TotalSeconds;
        var start = (FloorTo(now.ToUnixTimeSeconds() + offset, length)) - offset;
        return new(start, start + length);
    }

    private QuotaSpan Days(DateTimeOffset now, DateTime first, Func<DateTime, DateTime> next)
    {
        var span = new QuotaSpan(Midnight(first), Midnight(next(first)));
        // Where a clock is put back over midnight the old day comes again, and is the same window.
        return span.Holds(now.ToUnixTimeSeconds()) ? span : span with { End = Math.Max(span.End, now.ToUnixTimeSeconds() + 1) };
    }

    private DateTime LocalDay(DateTimeOffset now) => TimeZoneInfo.ConvertTime(now, zone).Date;

    private long Midnight(DateTime day)
    {
        if (zone.IsInvalidTime(day)) return FirstAfterGap(day);
        // Of a midnight that comes twice, the first.
        var offset = zone.IsAmbiguousTime(day) ? zone.GetAmbiguousTimeOffsets(day).Max() : zone.GetUtcOffset(day);
        return new DateTimeOffset(day, offset).ToUnixTimeSeconds();
    }

    private long FirstAfterGap(DateTime day)
    {
        var minute = day;
        while (zone.IsInvalidTime(minute)) minute = minute.AddMinutes(1);
        return new DateTimeOffset(minute, zone.GetUtcOffset(minute)).ToUnixTimeSeconds();
    }

    private static long FloorTo(long value, long step) => value - (((value % step) + step) % step);
}
