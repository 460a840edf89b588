using System.Globalization;
using System.Text;

namespace Drizzle.Cedar;

/// <summary>Durations such as <c>-1d2h3m4s5ms</c>, as milliseconds.</summary>
internal static class Durations
{
    public const long Day = 86_400_000;

    private static readonly (string Name, long Milliseconds)[] Units = [("d", Day), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

    public static bool TryRead(string text, out long milliseconds)
    {
        milliseconds = 0;
        var rest = text.AsSpan();
        var sign = rest.StartsWith("-") ? -1 : 1;
        if (sign < 0) rest = rest[1..];
        if (rest.IsEmpty) return false;
        var (sum, next) = (Int128.Zero, 0);
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits < 1) return false;
            var name = rest[digits..];
            name = name[..(name.IndexOfAnyInRange('0', '9') is >= 0 and var end ? end : name.Length)];
            var unit = Find(name, next);
            // A number that is too long is too long for any unit.
            if (unit < 0 || !ulong.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var amount)) return false;
            sum += (Int128)amount * Units[unit].Milliseconds * sign;
            if (sum > long.MaxValue || sum < long.MinValue) return false;
            next = unit + 1;
            rest = rest[(digits + name.Length)..];
        }
        milliseconds = (long)sum;
        return true;
    }

    public static string Write(long milliseconds)
    {
        if (milliseconds == 0) return "0ms";
        var text = new StringBuilder(milliseconds < 0 ? "-" : "");
        var rest = Int128.Abs(milliseconds);
        foreach (var (name, size) in Units)
        {
            if (rest / size > 0) text.Append(CultureInfo.InvariantCulture, $"{rest / size}{name}");
            rest %= size;
        }
        return text.ToString();
    }

    private static int Find(ReadOnlySpan<char> name, int from)
    {
        for (var i = from; i < Units.Length; i++)
        {
            if (name.SequenceEqual(Units[i].Name)) return i;
        }
        return -1;
    }
}
