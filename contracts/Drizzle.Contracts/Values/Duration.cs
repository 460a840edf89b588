using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Drizzle.Contracts.Values;

/// <summary>A length of time as people write it: <c>250ms</c>, <c>3s</c>, <c>1m30s</c>, <c>1h</c>, <c>7d</c>. Never negative, at most 3650 days.</summary>
[JsonConverter(typeof(DurationConverter))]
public readonly record struct Duration(TimeSpan Value) : IParsableValue<Duration>
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    // The longest duration in milliseconds, and a bound that keeps the sum within what a decimal holds.
    private const decimal MostOfAUnit = 3650m * 86_400_000;

    public static string Expected => "a duration such as 250ms, 3s, 1m or 1h";

    public static implicit operator TimeSpan(Duration duration) => duration.Value;

    public static bool TryParse(string text, out Duration value)
    {
        value = default;
        var rest = text.AsSpan();
        if (rest.IsEmpty) return false;
        var total = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)) return false;
            rest = rest[digits..];
            var letters = rest.IndexOfAny("0123456789.");
            var unit = letters < 0 ? rest : rest[..letters];
            rest = rest[unit.Length..];
            if (UnitSeconds(unit) is not { } seconds) return false;
            if (amount > MostOfAUnit) return false;
            total += amount * seconds;
        }
        if (total > (decimal)Longest.TotalSeconds) return false;
        value = new(TimeSpan.FromTicks((long)Math.Round(total * TimeSpan.TicksPerSecond)));
        return true;
    }

    public override string ToString()
    {
        if (Value == TimeSpan.Zero) return "0s";
        var text = new StringBuilder();
        Append(Value.Days, "d");
        Append(Value.Hours, "h");
        Append(Value.Minutes, "m");
        Append(Value.Seconds, "s");
        var fraction = (Value - TimeSpan.FromSeconds(Math.Floor(Value.TotalSeconds))).TotalMilliseconds;
        if (fraction > 0) text.Append(fraction.ToString("0.####", CultureInfo.InvariantCulture)).Append("ms");
        return text.ToString();

        void Append(int amount, string unit)
        {
            if (amount > 0) text.Append(amount).Append(unit);
        }
    }

    private static decimal? UnitSeconds(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" => 0.001m,
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86400,
        _ => null,
    };
}

internal sealed class DurationConverter : JsonConverter<Duration>
{
    public override Duration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ParsableValue.FromJson<Duration>(ref reader);

    public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
