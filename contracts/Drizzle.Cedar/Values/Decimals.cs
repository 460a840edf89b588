using System.Globalization;
using System.Text;

namespace Drizzle.Cedar;

/// <summary>Decimal numbers with one to four digits behind the point, as ten thousandths.</summary>
internal static class Decimals
{
    private const long One = 10_000;
    private const int MostFraction = 4;

    public static bool TryRead(string text, out long units)
    {
        units = 0;
        var rest = text.AsSpan();
        var isNegative = rest.StartsWith("-");
        if (isNegative) rest = rest[1..];
        var point = rest.IndexOf('.');
        if (point < 1) return false;
        var whole = rest[..point];
        var fraction = rest[(point + 1)..];
        if (fraction.Length is < 1 or > MostFraction || !IsDigits(whole) || !IsDigits(fraction)) return false;
        // Digits in front that say nothing do not make it too long.
        if (!Int128.TryParse(whole.TrimStart('0') is { IsEmpty: false } significant ? significant : "0", NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > long.MaxValue) return false;
        var scaled = (value * One) + int.Parse(fraction.ToString().PadRight(MostFraction, '0'), NumberStyles.None, CultureInfo.InvariantCulture);
        if (isNegative) scaled = -scaled;
        if (scaled > long.MaxValue || scaled < long.MinValue) return false;
        units = (long)scaled;
        return true;
    }

    public static string Write(long units)
    {
        var magnitude = Int128.Abs(units);
        var text = new StringBuilder(units < 0 ? "-" : "").Append(CultureInfo.InvariantCulture, $"{magnitude / One}.{magnitude % One:0000}");
        while (text[^1] == '0' && text[^2] != '.') text.Length--;
        return text.ToString();
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');
}
