using System.Text.Json;

namespace Drizzle.Cedar.Json;

/// <summary>Entities and contexts as JSON.</summary>
public static class EntitiesJson
{
    private const string What = "an entity";

    /// <summary>A list of <c>{"uid", "attrs", "parents", "tags"}</c>.</summary>
    /// <exception cref="CedarException">It is not a list of entities.</exception>
    public static Entities Read(string json) => JsonInput.Read(json, list => Entities.Of([.. JsonInput.List(list, "the list of entities").Select(e => ReadOne(e, ValueJson.Read))]));

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
