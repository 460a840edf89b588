using System.Text.Json;
using Drizzle.Cedar.Parsing;

namespace Drizzle.Cedar.Json;

/// <summary>Reads JSON strictly: what is not known, missing, double or of another kind is said, and where.</summary>
internal static class JsonInput
{
    /// <summary>A level of an expression is two of JSON.</summary>
    public const int Depth = (2 * CedarLimits.Depth) + 100;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Depth, AllowDuplicateProperties = false };

    /// <exception cref="CedarException">It is not JSON, or <paramref name="read"/> says so.</exception>
    public static T Read<T>(string json, Func<JsonElement, T> read)
    {
        if (json.Length > CedarLimits.Text) throw new CedarException($"The document has {json.Length} characters; {CedarLimits.Text} are allowed.");
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new CedarException($"This is not JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            // Half of a surrogate pair is found when the string is taken.
            throw new CedarException($"A string of the document is no text: {e.Message}", e);
        }
    }

    /// <summary>The properties of an object, all of which are known.</summary>
    public static JsonElement Object(JsonElement element, string what, params ReadOnlySpan<string> known)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new CedarException($"{what} is an object, and this is {Describe(element)}.");
        foreach (var property in element.EnumerateObject())
        {
            if (!known.Contains(property.Name)) throw new CedarException($"{what} has no '{property.Name}'; it may have {string.Join(", ", known!)}.");
        }
        return element;
    }

    public static JsonElement Need(JsonElement element, string what, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var found) ? found : throw new CedarException($"{what} wants '{name}'.");

    public static JsonElement? Find(JsonElement element, string name) => element.TryGetProperty(name, out var found) ? found : null;

    public static string Text(JsonElement element, string what) =>
        element.ValueKind == JsonValueKind.String && element.GetString() is { } text ? text : throw new CedarException($"{what} is a string, and this is {Describe(element)}.");

    public static string NeedText(JsonElement element, string what, string name) => Text(Need(element, what, name), $"'{name}' of {what}");

    public static JsonElement.ArrayEnumerator List(JsonElement element, string what) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : throw new CedarException($"{what} is a list, and this is {Describe(element)}.");

    /// <summary>A name with namespaces, written without blanks.</summary>
    public static string Path(JsonElement element, string what) => Text(element, what) is var text && Reserved.IsPath(text) ? text : throw new CedarException($"{what} is the name of a type, and this is {Describe(element)}.");

    /// <summary>An entity: <c>{"type", "id"}</c>, or the same within <c>{"__entity"}</c>.</summary>
    public static EntityUid Entity(JsonElement element, string what)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("__entity", out var inner)) element = inner;
        if (!IsEntity(element)) throw new CedarException($"{what} is an entity, such as {{\"type\": \"User\", \"id\": \"alice\"}}, and this is {Describe(element)}.");
        return new EntityUid(Path(element.GetProperty("type"), "an entity's type"), Text(element.GetProperty("id"), "an entity's id"));
    }

    /// <summary>Whether it has the shape of <c>{"type", "id"}</c>.</summary>
    public static bool IsEntity(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && element.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String;

    public static string Describe(JsonElement element) => element.GetRawText() is var raw && raw.Length <= 60 ? raw : raw[..60] + "…";
}
