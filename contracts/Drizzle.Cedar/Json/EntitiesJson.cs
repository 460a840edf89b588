using System.Text.Json;
using Drizzle.Cedar.Validation;

namespace Drizzle.Cedar.Json;

/// <summary>Entities and contexts as JSON.</summary>
public static class EntitiesJson
{
    private const string What = "an entity";

    /// <summary>A list of <c>{"uid", "attrs", "parents", "tags"}</c>.</summary>
    /// <exception cref="CedarException">It is not a list of entities.</exception>
    public static Entities Read(string json) => JsonInput.Read(json, list => Entities.Of([.. JsonInput.List(list, "the list of entities").Select(e => ReadOne(e, ValueJson.Read))]));

    /// <summary>As <see cref="Read(string)"/>, where values may be written shorter because the schema says what they are. The schema's actions are added.</summary>
    /// <exception cref="CedarException">It is not a list of entities, or they are not as the schema says.</exception>
    public static Entities Read(string json, Schema schema) => JsonInput.Read(json, list =>
    {
        List<Entity> entities = [.. JsonInput.List(list, "the list of entities").Select(e => ReadOne(e, schema))];
        var conformance = new Conformance(schema);
        foreach (var entity in entities.Where(e => !ActionTypes.Is(e.Uid.Type))) conformance.Check(entity);
        var given = Entities.Of(entities);
        foreach (var action in entities.Where(e => ActionTypes.Is(e.Uid.Type))) conformance.CheckAction(action, given.AncestorsOf(action.Uid));
        return Entities.Of(entities.Concat(schema.ActionEntities.Where(a => given.Find(a.Uid) is null)));
    });

    /// <summary>As <see cref="ReadContext(string)"/>, where values may be written shorter because the action's context says what they are.</summary>
    /// <exception cref="CedarException">It is not such a record, or the action is not known.</exception>
    public static RecordValue ReadContext(string json, Schema schema, EntityUid action) => JsonInput.Read(
        json, element => TypedValueJson.Record(element, schema.Actions.TryGetValue(action, out var known) ? known.Context : throw new CedarException($"There is no action {action}."), "The context"));

    /// <summary>The record that a request's context is.</summary>
    /// <exception cref="CedarException">It is not a record.</exception>
    public static RecordValue ReadContext(string json) =>
        JsonInput.Read(json, element => ValueJson.Read(element) is { Kind: ValueKind.Record } value ? value.AsRecord : throw new CedarException("A context is a record."));

    /// <summary>Each with what it is directly in.</summary>
    public static string Write(Entities entities) => PolicyJson.Text(to =>
    {
        to.WriteStartArray();
        foreach (var entity in entities.All) WriteOne(to, entity);
        to.WriteEndArray();
    });

    private static Entity ReadOne(JsonElement element, Schema schema)
    {
        var uid = JsonInput.Entity(JsonInput.Need(element, What, "uid"), "'uid'");
        if (ActionTypes.Is(uid.Type)) return ReadOne(element, ValueJson.Read);
        if (!schema.TryGetType(uid.Type, out var type)) throw new CedarException($"There is no entity type '{uid.Type}'.");
        var parents = JsonInput.List(JsonInput.Need(element, What, "parents"), "'parents'").Select(p => JsonInput.Entity(p, "a parent"));
        var attributes = TypedValueJson.Record(JsonInput.Need(element, What, "attrs"), type.Attributes, $"'attrs' of {uid}");
        var tags = JsonInput.Find(element, "tags") is { } found ? Record(found, "'tags'", v => type.Tags is { } tag ? TypedValueJson.Read(v, tag) : throw new CedarException($"{uid.Type} has no tags.")) : RecordValue.Empty;
        return new Entity(uid, attributes, tags, [.. parents]);
    }

    private static Entity ReadOne(JsonElement element, Func<JsonElement, Value> read)
    {
        var uid = JsonInput.Entity(JsonInput.Need(element, What, "uid"), "'uid'");
        var parents = JsonInput.List(JsonInput.Need(element, What, "parents"), "'parents'").Select(p => JsonInput.Entity(p, "a parent")).ToList();
        if (ActionTypes.Is(uid.Type) && parents.Find(p => !ActionTypes.Is(p.Type)) is { } other) throw new CedarException($"The action {uid} cannot be in {other}, which is no action.");
        return new Entity(uid, Record(JsonInput.Need(element, What, "attrs"), "'attrs'", read), JsonInput.Find(element, "tags") is { } tags ? Record(tags, "'tags'", read) : RecordValue.Empty, parents);
    }

    private static RecordValue Record(JsonElement element, string what, Func<JsonElement, Value> read)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new CedarException($"{what} is an object, and this is {JsonInput.Describe(element)}.");
        return new RecordValue(element.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, read(p.Value))));
    }

    private static void WriteOne(Utf8JsonWriter to, Entity entity)
    {
        to.WriteStartObject();
        to.WritePropertyName("uid");
        ValueJson.WriteEntity(to, entity.Uid);
        to.WritePropertyName("attrs");
        ValueJson.WriteRecord(to, entity.Attributes);
        to.WriteStartArray("parents");
        foreach (var parent in entity.Parents) ValueJson.WriteEntity(to, parent);
        to.WriteEndArray();
        if (entity.Tags.Count > 0)
        {
            to.WritePropertyName("tags");
            ValueJson.WriteRecord(to, entity.Tags);
        }
        to.WriteEndObject();
    }
}
