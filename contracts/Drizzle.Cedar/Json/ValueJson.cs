using System.Globalization;
using System.Text.Json;
using Drizzle.Cedar.Evaluation;

namespace Drizzle.Cedar.Json;

/// <summary>Values as entities and contexts have them: <c>{"__entity": …}</c> is an entity, <c>{"__extn": …}</c> a value of an extension type.</summary>
internal static class ValueJson
{
    /// <exception cref="CedarException">It is not a value.</exception>
    public static Value Read(JsonElement element)
    {
        StackGuard.Check();
        return element.ValueKind switch
        {
            JsonValueKind.True => Value.True,
            JsonValueKind.False => Value.False,
            JsonValueKind.Number => Value.Of(Number(element)),
            JsonValueKind.String => Value.Of(JsonInput.Text(element, "the value")),
            JsonValueKind.Array => Value.Of(new SetValue([.. element.EnumerateArray().Select(Read)])),
            JsonValueKind.Object => Object(element),
            _ => throw new CedarException("null is not a value of Cedar."),
        };
    }

    /// <summary>Whole numbers of 64 bits, written as such.</summary>
    public static long Number(JsonElement element)
    {
        var raw = element.GetRawText();
        return raw != "-0" && long.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new CedarException($"{JsonInput.Describe(element)} is not a whole number of 64 bits.");
    }

    /// <summary>What is within <c>{"__entity": …}</c> or <c>{"__extn": …}</c>; null where the object is an ordinary record.</summary>
    public static (string Escape, JsonElement Inner)? Escape(JsonElement element)
    {
        if (element.GetPropertyCount() != 1) return null;
        var property = element.EnumerateObject().First();
        return property.Name switch
        {
            "__expr" when property.Value.ValueKind == JsonValueKind.String => throw new CedarException("\"__expr\" is not understood any more: use \"__entity\" or \"__extn\"."),
            "__entity" when JsonInput.IsEntity(property.Value) => (property.Name, property.Value),
            "__extn" when IsCall(property.Value) => (property.Name, property.Value),
            _ => null,
        };
    }

    public static bool IsCall(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("fn", out var name) && name.ValueKind == JsonValueKind.String
        && (element.TryGetProperty("arg", out _) || (element.TryGetProperty("args", out var arguments) && arguments.ValueKind == JsonValueKind.Array));

    /// <summary>The function and the arguments of <c>{"fn", "arg"}</c> or <c>{"fn", "args"}</c>.</summary>
    public static (ExtensionFunction Function, JsonElement[] Arguments) Call(JsonElement element)
    {
        var name = JsonInput.NeedText(element, "__extn", "fn");
        var function = ExtensionFunction.Find(name) ?? throw new CedarException($"There is no function '{name}'.");
        return (function, element.TryGetProperty("arg", out var one) ? [one] : [.. element.GetProperty("args").EnumerateArray()]);
    }

    public static Value Call(ExtensionFunction function, IEnumerable<Value> arguments)
    {
        var value = new ExtensionCall(function, [.. arguments.Select(a => new Constant(a))]).Evaluate(default);
        return value.IsFailure ? throw new CedarException($"{value.Failure}.") : value;
    }

    public static void Write(Utf8JsonWriter to, Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Boolean: to.WriteBooleanValue(value.AsBoolean); break;
            case ValueKind.Long: to.WriteNumberValue(value.AsLong); break;
            case ValueKind.String: to.WriteStringValue(value.AsString); break;
            case ValueKind.Entity: WriteEscape(to, value.AsEntity); break;
            case ValueKind.Set: WriteSet(to, value.AsSet); break;
            case ValueKind.Record: WriteRecord(to, value.AsRecord); break;
            default: WriteCall(to, value); break;
        }
    }

    public static void WriteRecord(Utf8JsonWriter to, RecordValue record)
    {
        to.WriteStartObject();
        foreach (var (name, field) in record.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            to.WritePropertyName(name);
            Write(to, field);
        }
        to.WriteEndObject();
    }

    public static void WriteEntity(Utf8JsonWriter to, EntityUid entity)
    {
        to.WriteStartObject();
        to.WriteString("type", entity.Type);
        to.WriteString("id", entity.Id);
        to.WriteEndObject();
    }

    public static void WriteEscape(Utf8JsonWriter to, EntityUid entity)
    {
        to.WriteStartObject();
        to.WritePropertyName("__entity");
        WriteEntity(to, entity);
        to.WriteEndObject();
    }

    private static void WriteSet(Utf8JsonWriter to, SetValue set)
    {
        to.WriteStartArray();
        foreach (var element in set) Write(to, element);
        to.WriteEndArray();
    }

    private static void WriteCall(Utf8JsonWriter to, Value value)
    {
        to.WriteStartObject();
        to.WriteStartObject("__extn");
        var (function, text) = value.Kind switch
        {
            ValueKind.Ip => ("ip", value.AsIp.ToString()),
            ValueKind.Decimal => ("decimal", Decimals.Write(value.Bits)),
            ValueKind.Duration => ("duration", Durations.Write(value.Bits)),
            _ => ("datetime", Datetimes.Write(value.Bits)),
        };
        to.WriteString("fn", text is null ? "offset" : function);
        if (text is not null) to.WriteString("arg", text);
        else WriteOffset(to, value);
        to.WriteEndObject();
        to.WriteEndObject();
    }

    private static void WriteOffset(Utf8JsonWriter to, Value datetime)
    {
        to.WriteStartArray("args");
        Write(to, Value.OfDatetime(0));
        Write(to, Value.OfDuration(datetime.Bits));
        to.WriteEndArray();
    }

    private static Value Object(JsonElement element)
    {
        if (Escape(element) is not { } escape) return Value.Of(new RecordValue(element.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Read(p.Value)))));
        if (escape.Escape == "__entity") return Value.Of(JsonInput.Entity(escape.Inner, "\"__entity\""));
        var (function, arguments) = Call(escape.Inner);
        return Call(function, arguments.Select(Read));
    }
}
