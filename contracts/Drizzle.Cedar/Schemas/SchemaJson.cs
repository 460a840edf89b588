using System.Text.Json;
using Drizzle.Cedar.Json;
using Drizzle.Cedar.Parsing;
using Annotations = System.Collections.Generic.List<System.Collections.Generic.KeyValuePair<string, string?>>;

namespace Drizzle.Cedar.Schemas;

/// <summary>Reads and writes schemas as JSON.</summary>
internal static class SchemaJson
{
    /// <exception cref="CedarException">It is not a schema.</exception>
    public static SchemaDocument Read(string json) => JsonInput.Read(json, element =>
    {
        if (element.ValueKind != JsonValueKind.Object) throw new CedarException("A schema is an object with a namespace under each name.");
        return new SchemaDocument([.. element.EnumerateObject().Select(Namespace)]);
    });

    private static NamespaceSyntax Namespace(JsonProperty property)
    {
        var (name, element, what) = (property.Name, property.Value, $"the namespace '{property.Name}'");
        if (name.Length > 0 && !Reserved.IsPath(name)) throw new CedarException($"'{name}' cannot be a namespace's name.");
        JsonInput.Object(element, what, "commonTypes", "entityTypes", "actions", "annotations");
        if (name.Length == 0 && element.TryGetProperty("annotations", out _)) throw new CedarException("What is in no namespace cannot have annotations.");
        var types = JsonInput.Find(element, "commonTypes") is { } found ? Members(found, "commonTypes").Select(Common) : [];
        var entities = Members(JsonInput.Need(element, what, "entityTypes"), "entityTypes").Select(Entity);
        var actions = Members(JsonInput.Need(element, what, "actions"), "actions").Select(Action);
        return new NamespaceSyntax(name, [.. types], [.. entities], [.. actions], AnnotationsOf(element));
    }

    private static IEnumerable<JsonProperty> Members(JsonElement element, string what) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : throw new CedarException($"'{what}' is an object, and this is {JsonInput.Describe(element)}.");

    private static Annotations AnnotationsOf(JsonElement element)
    {
        if (JsonInput.Find(element, "annotations") is not { } found) return [];
        return [.. Members(found, "annotations").Select(p => KeyValuePair.Create(
            Reserved.IsIdentifier(p.Name) ? p.Name : throw new CedarException($"'{p.Name}' cannot be an annotation's name."),
            p.Value.ValueKind == JsonValueKind.Null ? null : JsonInput.Text(p.Value, "an annotation's text")))];
    }

    private static CommonTypeSyntax Common(JsonProperty property)
    {
        if (!Reserved.IsName(property.Name) || SchemaParser.IsReservedType(property.Name)) throw new CedarException($"No type can be called '{property.Name}'.");
        return new CommonTypeSyntax(property.Name, Type(property.Value, $"the type '{property.Name}'", "annotations"), AnnotationsOf(property.Value));
    }

    private static EntitySyntax Entity(JsonProperty property)
    {
        var (name, element, what) = (property.Name, property.Value, $"the entity '{property.Name}'");
        if (!Reserved.IsName(name)) throw new CedarException($"No entity can be called '{name}'.");
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("enum", out var ids))
        {
            JsonInput.Object(element, what, "enum", "annotations");
            List<string> known = [.. JsonInput.List(ids, "'enum'").Select(i => JsonInput.Text(i, "an id"))];
            return known.Count > 0 ? new EntitySyntax(name, [], null, null, known, AnnotationsOf(element)) : throw new CedarException($"'enum' of {what} names no id.");
        }
        JsonInput.Object(element, what, "memberOfTypes", "shape", "tags", "annotations");
        var memberOf = JsonInput.Find(element, "memberOfTypes") is { } types ? Names(types, "memberOfTypes") : [];
        var shape = JsonInput.Find(element, "shape") is { } found ? Type(found, $"'shape' of {what}") : null;
        var tags = JsonInput.Find(element, "tags") is { } tag ? Type(tag, $"'tags' of {what}") : null;
        return new EntitySyntax(name, memberOf, shape, tags, null, AnnotationsOf(element));
    }

    private static List<string> Names(JsonElement element, string what) => [.. JsonInput.List(element, $"'{what}'").Select(n => Reference(n, what))];

    /// <summary>Unlike a name that is declared, one that is referred to may be in Cedar's own namespace.</summary>
    private static string Reference(JsonElement element, string what)
    {
        var name = JsonInput.Text(element, $"a name in '{what}'");
        return Array.TrueForAll(name.Split("::"), p => p == Reserved.Namespace || Reserved.IsName(p)) ? name : throw new CedarException($"'{name}' cannot be a type's name.");
    }

    private static ActionSyntax Action(JsonProperty property)
    {
        var (element, what) = (property.Value, $"the action '{property.Name}'");
        JsonInput.Object(element, what, "attributes", "appliesTo", "memberOf", "annotations");
        if (JsonInput.Find(element, "attributes") is { ValueKind: not JsonValueKind.Null }) throw new CedarException($"{what} has attributes, which actions cannot have.");
        var applies = JsonInput.Find(element, "appliesTo") is { ValueKind: not JsonValueKind.Null } found ? Applies(found, what) : null;
        var memberOf = JsonInput.Find(element, "memberOf") is { ValueKind: not JsonValueKind.Null } list ? JsonInput.List(list, "'memberOf'").Select(Member).ToList() : null;
        return new ActionSyntax(property.Name, memberOf, applies, AnnotationsOf(element));
    }

    private static ActionReference Member(JsonElement element)
    {
        const string what = "a member of 'memberOf'";
        JsonInput.Object(element, what, "id", "type");
        return new ActionReference(JsonInput.Find(element, "type") is { ValueKind: not JsonValueKind.Null } type ? Reference(type, "memberOf") : null, JsonInput.NeedText(element, what, "id"));
    }

    private static AppliesSyntax Applies(JsonElement element, string action)
    {
        var what = $"'appliesTo' of {action}";
        JsonInput.Object(element, what, "resourceTypes", "principalTypes", "context");
        return new AppliesSyntax(
            Names(JsonInput.Need(element, what, "principalTypes"), "principalTypes"), Names(JsonInput.Need(element, what, "resourceTypes"), "resourceTypes"),
            JsonInput.Find(element, "context") is { } context ? Type(context, $"'context' of {what}") : null);
    }

    private static TypeSyntax Type(JsonElement element, string what, params ReadOnlySpan<string> besides)
    {
        StackGuard.Check();
        var type = JsonInput.NeedText(element, what, "type");
        string[] known = type switch
        {
            "Set" => ["type", "element", .. besides],
            "Record" => ["type", "attributes", "additionalAttributes", .. besides],
            "Entity" or "EntityOrCommon" or "Extension" => ["type", "name", .. besides],
            _ => ["type", .. besides],
        };
        JsonInput.Object(element, what, known);
        return type switch
        {
            "String" => new BuiltInType(ValueKind.String),
            "Long" => new BuiltInType(ValueKind.Long),
            "Boolean" => new BuiltInType(ValueKind.Boolean),
            "Set" => new SetSyntax(Type(JsonInput.Need(element, what, "element"), $"an element of {what}")),
            "Record" => Record(element, what),
            "Entity" => new NamedType(Reference(JsonInput.Need(element, what, "name"), "name"), ReferenceKind.Entity),
            "EntityOrCommon" => new NamedType(Reference(JsonInput.Need(element, what, "name"), "name"), ReferenceKind.Either),
            "Extension" => new ExtensionSyntax(JsonInput.NeedText(element, what, "name")),
            _ => new NamedType(Reference(element.GetProperty("type"), "type"), ReferenceKind.Common),
        };
    }

    private static RecordSyntax Record(JsonElement element, string what)
    {
        if (JsonInput.Find(element, "additionalAttributes") is { } open && open.ValueKind != JsonValueKind.False) throw new CedarException($"{what} would be open to any attribute, which Cedar does not offer.");
        return new RecordSyntax([.. Members(JsonInput.Need(element, what, "attributes"), "attributes").Select(p => Attribute(p.Name, p.Value))]);
    }

    private static AttributeSyntax Attribute(string name, JsonElement element)
    {
        var what = $"the attribute '{name}'";
        var isRequired = true;
        if (element.ValueKind == JsonValueKind.Object && JsonInput.Find(element, "required") is { } required)
        {
            isRequired = required.ValueKind is JsonValueKind.True or JsonValueKind.False ? required.GetBoolean() : throw new CedarException($"'required' of {what} is true or false.");
        }
        return new AttributeSyntax(name, Type(element, what, "required", "annotations"), isRequired, AnnotationsOf(element));
    }

    public static string Write(SchemaDocument document) => PolicyJson.Text(to =>
    {
        to.WriteStartObject();
        foreach (var space in document.Namespaces)
        {
            to.WriteStartObject(space.Name);
            WriteNamespace(to, space);
            to.WriteEndObject();
        }
        to.WriteEndObject();
    });

    private static void WriteNamespace(Utf8JsonWriter to, NamespaceSyntax space)
    {
        if (space.Types.Count > 0)
        {
            to.WriteStartObject("commonTypes");
            foreach (var type in space.Types) WriteObject(to, type.Name, () => WriteType(to, type.Type), type.Annotations);
            to.WriteEndObject();
        }
        to.WriteStartObject("entityTypes");
        foreach (var entity in space.Entities) WriteObject(to, entity.Name, () => WriteEntity(to, entity), entity.Annotations);
        to.WriteEndObject();
        to.WriteStartObject("actions");
        foreach (var action in space.Actions) WriteObject(to, action.Name, () => WriteAction(to, action), action.Annotations);
        to.WriteEndObject();
        if (space.Annotations.Count > 0) PolicyJson.WriteAnnotations(to, space.Annotations);
    }

    private static void WriteObject(Utf8JsonWriter to, string name, Action write, IReadOnlyList<KeyValuePair<string, string?>> annotations)
    {
        to.WriteStartObject(name);
        write();
        if (annotations.Count > 0) PolicyJson.WriteAnnotations(to, annotations);
        to.WriteEndObject();
    }

    private static void WriteEntity(Utf8JsonWriter to, EntitySyntax entity)
    {
        if (entity.Ids is not null) WriteNames(to, "enum", entity.Ids);
        if (entity.MemberOf.Count > 0) WriteNames(to, "memberOfTypes", entity.MemberOf);
        if (entity.Shape is not (null or RecordSyntax { Attributes.Count: 0 })) WriteObject(to, "shape", () => WriteType(to, entity.Shape), []);
        if (entity.Tags is not null) WriteObject(to, "tags", () => WriteType(to, entity.Tags), []);
    }

    private static void WriteAction(Utf8JsonWriter to, ActionSyntax action)
    {
        to.WriteStartObject("appliesTo");
        WriteNames(to, "resourceTypes", action.Applies?.Resources ?? []);
        WriteNames(to, "principalTypes", action.Applies?.Principals ?? []);
        if (action.Applies?.Context is { } context and not RecordSyntax { Attributes.Count: 0 }) WriteObject(to, "context", () => WriteType(to, context), []);
        to.WriteEndObject();
        if (action.MemberOf is null) return;
        to.WriteStartArray("memberOf");
        foreach (var reference in action.MemberOf)
        {
            to.WriteStartObject();
            to.WriteString("id", reference.Id);
            if (reference.Type is not null) to.WriteString("type", reference.Type);
            to.WriteEndObject();
        }
        to.WriteEndArray();
    }

    private static void WriteNames(Utf8JsonWriter to, string name, IReadOnlyList<string> names)
    {
        to.WriteStartArray(name);
        foreach (var one in names) to.WriteStringValue(one);
        to.WriteEndArray();
    }

    /// <summary>The properties of a type, into an object that is open.</summary>
    private static void WriteType(Utf8JsonWriter to, TypeSyntax type)
    {
        switch (type)
        {
            case NamedType { Kind: ReferenceKind.Common } named: to.WriteString("type", named.Name); break;
            case NamedType named:
                to.WriteString("type", named.Kind == ReferenceKind.Entity ? "Entity" : "EntityOrCommon");
                to.WriteString("name", named.Name);
                break;
            case BuiltInType builtIn: to.WriteString("type", builtIn.Kind.ToString()); break;
            case ExtensionSyntax extension:
                to.WriteString("type", "Extension");
                to.WriteString("name", extension.Name);
                break;
            case SetSyntax set:
                to.WriteString("type", "Set");
                WriteObject(to, "element", () => WriteType(to, set.Element), []);
                break;
            case RecordSyntax record: WriteRecord(to, record); break;
        }
    }

    private static void WriteRecord(Utf8JsonWriter to, RecordSyntax record)
    {
        to.WriteString("type", "Record");
        to.WriteStartObject("attributes");
        foreach (var attribute in record.Attributes)
        {
            WriteObject(
                to, attribute.Name,
                () =>
                {
                    WriteType(to, attribute.Type);
                    if (!attribute.IsRequired) to.WriteBoolean("required", false);
                },
                attribute.Annotations);
        }
        to.WriteEndObject();
    }
}
