using System.Text.Json;
using Drizzle.Contracts.Json;

namespace Drizzle.Contracts.Editing;

/// <summary>One field that differs.</summary>
/// <param name="Path">Such as <c>match.paths[0]</c>.</param>
/// <param name="Before">JSON; null where it was not there.</param>
/// <param name="After">JSON; null where it is not there any more.</param>
public sealed record FieldChange(string Path, JsonElement? Before, JsonElement? After);

/// <summary>Compares two objects of the model field by field, as they are written in JSON.</summary>
public static class FieldDiff
{
    /// <summary>What is never shown, even as a hash.</summary>
    private const string Secret = "hash";

    public static IReadOnlyList<FieldChange> Between<T>(T before, T after) where T : class
    {
        var changes = new List<FieldChange>();
        Compare(changes, "", ToJson(before), ToJson(after));
        return changes;
    }

    private static readonly ModelJson Shown = new(new JsonSerializerOptions(ModelJson.Default.Options) { Converters = { new MaskedSecrets(marksChanges: true) } });

    private static JsonElement ToJson<T>(T item) => JsonSerializer.SerializeToElement(item, Shown.GetTypeInfo(typeof(T)) ?? throw new NotSupportedException($"{typeof(T)} is not part of the model."));

    private static void Compare(List<FieldChange> changes, string path, JsonElement? before, JsonElement? after)
    {
        if (before is { ValueKind: JsonValueKind.Object } a && after is { ValueKind: JsonValueKind.Object } b)
        {
            foreach (var name in a.EnumerateObject().Concat(b.EnumerateObject()).Select(p => p.Name).Distinct().Where(n => n != Secret))
            {
                Compare(changes, path.Length == 0 ? name : $"{path}.{name}", Field(a, name), Field(b, name));
            }
        }
        else if (before is { ValueKind: JsonValueKind.Array } x && after is { ValueKind: JsonValueKind.Array } y && x.GetArrayLength() == y.GetArrayLength())
        {
            for (var i = 0; i < x.GetArrayLength(); i++) Compare(changes, $"{path}[{i}]", x[i], y[i]);
        }
        else if (before is null || after is null || !JsonElement.DeepEquals(before.Value, after.Value))
        {
            changes.Add(new(path, before, after));
        }
    }

    private static JsonElement? Field(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value : null;
}
