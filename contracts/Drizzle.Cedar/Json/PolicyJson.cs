using System.Text.Encodings.Web;
using System.Text.Json;
using Drizzle.Cedar.Parsing;

namespace Drizzle.Cedar.Json;

/// <summary>Policies and templates as JSON.</summary>
public static class PolicyJson
{
    private const string What = "a policy";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = JsonInput.Depth };

    /// <exception cref="CedarException">It is not a policy.</exception>
    public static Policy Read(string json, string id) => JsonInput.Read(json, element => Read(element, id));

    /// <summary>As JSON, on one line.</summary>
    public static string Write(Policy policy) => Text(to => Write(to, policy));

    internal static string Text(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options)) write(writer);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    internal static Policy Read(JsonElement element, string id)
    {
        JsonInput.Object(element, What, "effect", "principal", "action", "resource", "conditions", "annotations");
        var effect = JsonInput.NeedText(element, What, "effect") switch
        {
            "permit" => Effect.Permit,
            "forbid" => Effect.Forbid,
            var other => throw new CedarException($"The effect of a policy is permit or forbid, not '{other}'."),
        };
        var conditions = JsonInput.List(JsonInput.Need(element, What, "conditions"), "'conditions'").Select(Condition);
        return new Policy(
            id, effect, Annotations(element), Restriction(JsonInput.Need(element, What, "principal"), "principal", Slot.Principal), Action(JsonInput.Need(element, What, "action")),
            Restriction(JsonInput.Need(element, What, "resource"), "resource", Slot.Resource), [.. conditions]).Bounded();
    }

    private static List<KeyValuePair<string, string?>> Annotations(JsonElement element)
    {
        var annotations = new List<KeyValuePair<string, string?>>();
        if (JsonInput.Find(element, "annotations") is not { } found) return annotations;
        if (found.ValueKind != JsonValueKind.Object) throw new CedarException("'annotations' is an object.");
        foreach (var property in found.EnumerateObject())
        {
            if (!Reserved.IsIdentifier(property.Name)) throw new CedarException($"'{property.Name}' cannot be an annotation's name.");
            annotations.Add(new(property.Name, property.Value.ValueKind == JsonValueKind.Null ? null : JsonInput.Text(property.Value, "an annotation's text")));
        }
        return annotations;
    }

    private static Condition Condition(JsonElement element)
    {
        const string what = "a condition";
        JsonInput.Object(element, what, "kind", "body");
        var isUnless = JsonInput.NeedText(element, what, "kind") switch
        {
            "when" => false,
            "unless" => true,
            var other => throw new CedarException($"A condition is when or unless, not '{other}'."),
        };
        return new Condition(isUnless, ExpressionJson.Read(JsonInput.Need(element, what, "body")));
    }

    private static Scope Restriction(JsonElement element, string variable, Slot slot)
    {
        switch (JsonInput.NeedText(element, variable, "op"))
        {
            case "All" or "all": return Scope.Any;
            case "==": return Target(ScopeKind.Equal, element, variable, slot, null);
            case "in": return Target(ScopeKind.In, element, variable, slot, null);
            case "is": return Is(element, variable, slot);
            case var other: throw new CedarException($"The {variable} has the operator '{other}'; there are All, ==, in and is.");
        }
    }

    private static Scope Is(JsonElement element, string variable, Slot slot)
    {
        JsonInput.Object(element, variable, "op", "entity_type", "in");
        var type = JsonInput.Path(JsonInput.Need(element, variable, "entity_type"), "'entity_type'");
        return JsonInput.Find(element, "in") is { ValueKind: not JsonValueKind.Null } within ? Target(ScopeKind.IsIn, within, variable, slot, type) : new Scope(ScopeKind.Is, [], type);
    }

    private static Scope Target(ScopeKind kind, JsonElement element, string variable, Slot slot, string? type)
    {
        if (JsonInput.Find(element, "entity") is { } entity) return new Scope(kind, [JsonInput.Entity(entity, $"'entity' of the {variable}")], type);
        var name = JsonInput.NeedText(element, variable, "slot");
        return name == "?" + variable ? new Scope(kind, [], type, slot) : throw new CedarException($"The slot of the {variable} is ?{variable}, not '{name}'.");
    }

    private static Scope Action(JsonElement element)
    {
        const string what = "action";
        switch (JsonInput.NeedText(element, what, "op"))
        {
            case "All" or "all": return Scope.Any;
            case "==": return new Scope(ScopeKind.Equal, [ActionEntity(JsonInput.Need(element, what, "entity"))]);
            case "in" when JsonInput.Find(element, "entity") is { } one: return new Scope(ScopeKind.In, [ActionEntity(one)]);
            case "in": return new Scope(ScopeKind.InAny, [.. JsonInput.List(JsonInput.Need(element, what, "entities"), "'entities'").Select(ActionEntity)]);
            case var other: throw new CedarException($"The action has the operator '{other}'; there are All, == and in.");
        }
    }

    private static EntityUid ActionEntity(JsonElement element) =>
        JsonInput.Entity(element, "an action") is var action && ActionTypes.Is(action.Type) ? action : throw new CedarException($"An action is of a type that is called Action, and {action} is not.");

    internal static void Write(Utf8JsonWriter to, Policy policy)
    {
        to.WriteStartObject();
        to.WriteString("effect", policy.Effect == Effect.Permit ? "permit" : "forbid");
        WriteScope(to, "principal", policy.Principal);
        WriteScope(to, "action", policy.Action);
        WriteScope(to, "resource", policy.Resource);
        to.WriteStartArray("conditions");
        foreach (var condition in policy.Conditions)
        {
            to.WriteStartObject();
            to.WriteString("kind", condition.IsUnless ? "unless" : "when");
            to.WritePropertyName("body");
            ExpressionJson.Write(to, condition.Body);
            to.WriteEndObject();
        }
        to.WriteEndArray();
        if (policy.Annotations.Count > 0) WriteAnnotations(to, policy.Annotations);
        to.WriteEndObject();
    }

    internal static void WriteAnnotations(Utf8JsonWriter to, IReadOnlyList<KeyValuePair<string, string?>> annotations)
    {
        to.WriteStartObject("annotations");
        foreach (var (key, value) in annotations.OrderBy(a => a.Key, StringComparer.Ordinal)) to.WriteString(key, value);
        to.WriteEndObject();
    }

    private static void WriteScope(Utf8JsonWriter to, string variable, Scope scope)
    {
        to.WriteStartObject(variable);
        to.WriteString("op", scope.Kind switch { ScopeKind.Any => "All", ScopeKind.Equal => "==", ScopeKind.Is or ScopeKind.IsIn => "is", _ => "in" });
        if (scope.Type is not null) to.WriteString("entity_type", scope.Type);
        switch (scope.Kind)
        {
            case ScopeKind.Equal or ScopeKind.In: WriteTarget(to, variable, scope); break;
            case ScopeKind.InAny when scope.Entities.Count == 1: WriteTarget(to, variable, scope); break;
            case ScopeKind.IsIn:
                to.WriteStartObject("in");
                WriteTarget(to, variable, scope);
                to.WriteEndObject();
                break;
            case ScopeKind.InAny:
                to.WriteStartArray("entities");
                foreach (var entity in scope.Entities) ValueJson.WriteEntity(to, entity);
                to.WriteEndArray();
                break;
        }
        to.WriteEndObject();
    }

    private static void WriteTarget(Utf8JsonWriter to, string variable, Scope scope)
    {
        if (scope.Slot is not null)
        {
            to.WriteString("slot", "?" + variable);
            return;
        }
        to.WritePropertyName("entity");
        ValueJson.WriteEntity(to, scope.Entity);
    }
}
