using System.Globalization;
using System.Text.Json;

namespace Drizzle.Cli.Output;

/// <summary>Picks fields out of an answer, as text for a cell.</summary>
internal static class Cells
{
    /// <param name="path">Names of fields, such as <c>match.paths</c>.</param>
    public static string Of(JsonElement item, string path)
    {
        foreach (var step in path.Split('.'))
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(step, out item)) return "";
        }
        return Text(item);
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        // No name has a colon in it, so this is a time.
        JsonValueKind.String when value.TryGetDateTimeOffset(out var at) && value.GetRawText().Contains(':', StringComparison.Ordinal) =>
            at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        JsonValueKind.Object => Name(value),
        _ => value.GetRawText(),
    };

    /// <summary>An object within a cell is shown by what people call it.</summary>
    private static string Name(JsonElement value)
    {
        if (value.TryGetProperty("edge", out var edge) && value.TryGetProperty("tokens", out var tokens)) return $"{edge} {tokens}";
        if (value.TryGetProperty("url", out var url) && value.TryGetProperty("downOn", out var down)) return down.GetRawText() == "0" ? $"{url}" : $"{url} (down on {down})";
        foreach (var field in (ReadOnlySpan<string>)["name", "slug", "url", "prefix"])
        {
            if (value.TryGetProperty(field, out var name) && name.ValueKind == JsonValueKind.String) return name.GetString() ?? "";
        }
        return value.GetRawText();
    }
}
