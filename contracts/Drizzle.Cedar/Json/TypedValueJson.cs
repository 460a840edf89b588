using System.Text.Json;

namespace Drizzle.Cedar.Json;

/// <summary>
/// Values whose type is known, which may be written shorter: <c>{"type", "id"}</c> for an entity, <c>{"fn", "arg"}</c> or the text alone for a value of an extension type.
/// </summary>
internal static class TypedValueJson
{
    /// <exception cref="CedarException">It is not a value, or has other fields than its type.</exception>
    public static Value Read(JsonElement element, CedarType type) => type switch
    {
        EntityType => Value.Of(JsonInput.Entity(element, "the value")),
        SetType set => Value.Of(new SetValue([.. JsonInput.List(element, "the value").Select(e => Read(e, set.Element))])),
        RecordType record => Value.Of(Record(element, record, "the record")),
        _ when Constructor(type) is { } constructor => Extension(element, constructor),
        _ => ValueJson.Read(element),
    };

    /// <summary>The fields that a type has, and no others.</summary>
    /// <exception cref="CedarException">A field is missing, or one is too many.</exception>
    public static RecordValue Record(JsonElement element, RecordType type, string what)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new CedarException($"{what} is an object, and this is {JsonInput.Describe(element)}.");
        if (type.Fields.FirstOrDefault(f => f.Value.IsRequired && !element.TryGetProperty(f.Key, out _)).Key is { } missing) throw new CedarException($"{what} wants '{missing}'.");
        return new RecordValue(element.EnumerateObject().Select(p => KeyValuePair.Create(
            p.Name, type.Fields.TryGetValue(p.Name, out var field) ? Read(p.Value, field.Type) : throw new CedarException($"{what} has no '{p.Name}'."))));
    }

    private static ExtensionFunction? Constructor(CedarType type) => ExtensionFunction.Find(
        type == CedarType.Ip ? "ip" : type == CedarType.Decimal ? "decimal" : type == CedarType.Datetime ? "datetime" : type == CedarType.Duration ? "duration" : "");

    private static Value Extension(JsonElement element, ExtensionFunction constructor)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            var call = ValueJson.Escape(element) is ("__extn", var inner) ? inner : element;
            if (ValueJson.IsCall(call)) return Call(call);
        }
        return ValueJson.Call(constructor, [ValueJson.Read(element)]);
    }

    private static Value Call(JsonElement call)
    {
        var (function, arguments) = ValueJson.Call(call);
        if (arguments.Length != function.Parameters.Count) throw new CedarException($"{function.Name} takes {function.Parameters.Count} arguments, and {arguments.Length} are given.");
        return ValueJson.Call(function, arguments.Select((a, i) => Read(a, CedarType.Of(function.Parameters[i]))));
    }
}
