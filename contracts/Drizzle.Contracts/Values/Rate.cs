using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Drizzle.Contracts.Values;

/// <summary>Tokens per unit of time as people write it: <c>100/s</c>, <c>60/m</c>, <c>5000/h</c>, <c>1/d</c>. At least one token a day, at most a million a second.</summary>
/// <param name="Amount">Whole tokens, positive.</param>
/// <param name="Unit">One of <c>s m h d</c>.</param>
[JsonConverter(typeof(RateConverter))]
public readonly record struct Rate(long Amount, char Unit) : IParsableValue<Rate>
{
    public const long MostPerSecond = 1_000_000;

    public static string Expected => "a rate such as 100/s, 60/m or 5000/h, at most 1000000/s";

    /// <summary>The unit's length in seconds.</summary>
    public int UnitSeconds => Unit switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 86400 };

    public double PerSecond => (double)Amount / UnitSeconds;

    public static Rate PerSecondOf(long amount) => new(amount, 's');

    public static bool TryParse(string text, out Rate value)
    {
        value = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash != text.Length - 2 || !"smhd".Contains(text[^1], StringComparison.Ordinal)) return false;
        if (!long.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var amount) || amount == 0) return false;
        var rate = new Rate(amount, text[^1]);
        if (rate.PerSecond > MostPerSecond) return false;
        value = rate;
        return true;
    }

    public override string ToString() => $"{Amount}/{Unit}";
}

internal sealed class RateConverter : JsonConverter<Rate>
{
    public override Rate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ParsableValue.FromJson<Rate>(ref reader);

    public override void Write(Utf8JsonWriter writer, Rate value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
