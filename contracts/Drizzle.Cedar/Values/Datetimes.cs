using System.Globalization;

namespace Drizzle.Cedar;

/// <summary>
/// Datetimes as milliseconds since 1970: <c>2024-10-15</c>, <c>2024-10-15T11:35:00Z</c>, <c>…00.000Z</c>, <c>…00+0130</c>, <c>…00.000-0130</c>.
/// </summary>
internal static class Datetimes
{
    /// <summary>1970.</summary>
    public const string Origin = "1970-01-01";

    private const string Shape = "dddd-dd-dd";
    private const string TimeShape = "Tdd:dd:dd";

    public static bool TryRead(string text, out long milliseconds)
    {
        milliseconds = 0;
        var rest = text.AsSpan();
        if (!Take(ref rest, Shape, out var date) || !TryDate(date, out milliseconds)) return false;
        if (rest.IsEmpty) return true;
        if (!Take(ref rest, TimeShape, out var time) || !TryTime(time, out var ofDay)) return false;
        milliseconds += ofDay;
        if (Take(ref rest, ".ddd", out var fraction)) milliseconds += Number(fraction[1..]);
        if (rest is "Z") return true;
        if (rest.Length != 5 || rest[0] is not ('+' or '-')) return false;
        var sign = rest[0] == '+' ? 1 : -1;
        rest = rest[1..];
        if (!Take(ref rest, "dddd", out var offset)) return false;
        var (hours, minutes) = (Number(offset[..2]), Number(offset[2..]));
        if (hours > 23 || minutes > 59) return false;
        milliseconds -= sign * ((hours * 3_600_000L) + (minutes * 60_000L));
        return true;
    }

    /// <summary>In UTC, with milliseconds.</summary>
    /// <returns>Null for a time before the year 1 or after the year 9999, which is written as so long since 1970.</returns>
    public static string? Write(long milliseconds)
    {
        const long first = -62_135_596_800_000;
        const long last = 253_402_300_799_999;
        return milliseconds is >= first and <= last ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) : null;
    }

    private static bool TryDate(ReadOnlySpan<char> text, out long milliseconds)
    {
        milliseconds = 0;
        var (year, month, day) = (Number(text[..4]), Number(text[5..7]), Number(text[8..10]));
        if (month is < 1 or > 12 || day < 1 || day > DaysIn(year, month)) return false;
        milliseconds = DaysSince1970(year, month, day) * Durations.Day;
        return true;
    }

    private static bool TryTime(ReadOnlySpan<char> text, out long milliseconds)
    {
        var (hour, minute, second) = (Number(text[1..3]), Number(text[4..6]), Number(text[7..9]));
        milliseconds = (hour * 3_600_000L) + (minute * 60_000L) + (second * 1000L);
        return hour < 24 && minute < 60 && second < 60;
    }

    // The framework's calendar has no year 0, which Cedar has.
    private static int DaysIn(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    /// <summary>Of the calendar in which years begin in March, so that the leap day is the last.</summary>
    private static long DaysSince1970(int year, int month, int day)
    {
        const int daysTo1970 = 719_468;
        var y = month <= 2 ? year - 1 : year;
        var era = (y >= 0 ? y : y - 399) / 400;
        var yearOfEra = y - (era * 400);
        var dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        return (era * 146_097L) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - daysTo1970;
    }

    /// <summary>Takes what has a shape, in which d is a digit, from the front.</summary>
    private static bool Take(ref ReadOnlySpan<char> rest, string shape, out ReadOnlySpan<char> taken)
    {
        taken = default;
        if (rest.Length < shape.Length) return false;
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] == 'd' ? !char.IsAsciiDigit(rest[i]) : rest[i] != shape[i]) return false;
        }
        taken = rest[..shape.Length];
        rest = rest[shape.Length..];
        return true;
    }

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
