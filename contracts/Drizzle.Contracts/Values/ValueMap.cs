using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Drizzle.Contracts.Values;

/// <summary>An immutable map of strings in the order they were written, equal to another by its entries. The default is empty.</summary>
[JsonConverter(typeof(ValueMapConverter))]
public readonly struct ValueMap : IReadOnlyList<KeyValuePair<string, string>>, IEquatable<ValueMap>
{
    private readonly KeyValuePair<string, string>[]? _entries;

    public ValueMap(IEnumerable<KeyValuePair<string, string>> entries)
    {
        var array = entries.ToArray();
        _entries = array.Length == 0 ? null : array;
    }

    public int Count => _entries?.Length ?? 0;

    public KeyValuePair<string, string> this[int index] =>
        _entries is null ? throw new ArgumentOutOfRangeException(nameof(index)) : _entries[index];

    public ReadOnlySpan<KeyValuePair<string, string>> AsSpan() => _entries;

    public ReadOnlySpan<KeyValuePair<string, string>>.Enumerator GetEnumerator() => AsSpan().GetEnumerator();

    IEnumerator<KeyValuePair<string, string>> IEnumerable<KeyValuePair<string, string>>.GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, string>>)(_entries ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => (_entries ?? []).GetEnumerator();

    public bool Equals(ValueMap other) => AsSpan().SequenceEqual(other.AsSpan());

    public override bool Equals(object? obj) => obj is ValueMap other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (key, value) in this)
        {
            hash.Add(key);
            hash.Add(value);
        }
        return hash.ToHashCode();
    }

    public static bool operator ==(ValueMap left, ValueMap right) => left.Equals(right);

    public static bool operator !=(ValueMap left, ValueMap right) => !left.Equals(right);
}

internal sealed class ValueMapConverter : JsonConverter<ValueMap>
{
    public override ValueMap Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("Expected an object of strings.");
        var entries = new List<KeyValuePair<string, string>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString() ?? "";
            reader.Read();
            entries.Add(new(key, reader.GetString() ?? ""));
        }
        return new(entries);
    }

    public override void Write(Utf8JsonWriter writer, ValueMap value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, text) in value) writer.WriteString(key, text);
        writer.WriteEndObject();
    }
}
