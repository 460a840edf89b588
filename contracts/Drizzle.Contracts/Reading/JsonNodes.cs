using System.Text;
using System.Text.Json;

namespace Drizzle.Contracts.Reading;

/// <summary>Reads JSON into the same nodes as YAML, so that both are bound and judged by the same code.</summary>
public static class JsonNodes
{
    /// <returns>The document, or null with an error added.</returns>
    public static ConfigNode? Read(ReadOnlySpan<byte> json, List<ConfigError> errors)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ReadLimits.Depth });
            reader.Read();
            var left = ReadLimits.JsonNodes;
            var node = Node(ref reader, ref left);
            if (reader.Read()) throw new JsonException("More follows the document.");
            return node;
        }
        catch (JsonException e)
        {
            errors.Add(new("", e.LineNumber is { } line ? (int)line + 1 : null, $"Not valid JSON: {e.Message}"));
            return null;
        }
        catch (InvalidOperationException)
        {
            errors.Add(new("", null, "Not valid JSON: a string is not valid UTF-16."));
            return null;
        }
    }

    private static ConfigNode Node(ref Utf8JsonReader reader, ref int left) => --left < 0 ? throw new JsonException($"More than {ReadLimits.JsonNodes} values.") : reader.TokenType switch
    {
        JsonTokenType.StartObject => Map(ref reader, ref left),
        JsonTokenType.StartArray => List(ref reader, ref left),
        JsonTokenType.String => new ConfigScalar(reader.GetString() ?? "", isQuoted: true, 0),
        _ => new ConfigScalar(Encoding.UTF8.GetString(reader.ValueSpan), isQuoted: false, 0),
    };

    private static ConfigMap Map(ref Utf8JsonReader reader, ref int left)
    {
        var entries = new List<ConfigEntry>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString() ?? "";
            reader.Read();
            entries.Add(new(key, 0, Node(ref reader, ref left)));
        }
        return new ConfigMap(entries, 0);
    }

    private static ConfigList List(ref Utf8JsonReader reader, ref int left)
    {
        var items = new List<ConfigNode>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(Node(ref reader, ref left));
        return new ConfigList(items, 0);
    }
}
