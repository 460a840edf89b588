using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Drizzle.Contracts.Values;

/// <summary>A number of bytes as people write it: <c>512B</c>, <c>64KiB</c>, <c>10MiB</c>, <c>1GiB</c>.</summary>
[JsonConverter(typeof(ByteSizeConverter))]
public readonly record struct ByteSize(long Bytes) : IParsableValue<ByteSize>
{
    private static readonly (string Unit, long Bytes)[] Units = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1)];

    public static string Expected => "a size such as 64KiB or 10MiB";

    public static ByteSize MiB(long count) => new(count << 20);

    public static bool TryParse(string text, out ByteSize value)
    {
        value = default;
        foreach (var (unit, bytes) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            if (!long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
            if (count > (1L << 50) / bytes) return false;
            value = new(count * bytes);
            return true;
        }
        return false;
    }

    public override string ToString()
    {
        foreach (var (unit, bytes) in Units)
        {
            if (Bytes >= bytes && Bytes % bytes == 0) return $"{Bytes / bytes}{unit}";
        }
        return "0B";
    }
}

internal sealed class ByteSizeConverter : JsonConverter<ByteSize>
{
    public override ByteSize Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ParsableValue.FromJson<ByteSize>(ref reader);

    public override void Write(Utf8JsonWriter writer, ByteSize value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
