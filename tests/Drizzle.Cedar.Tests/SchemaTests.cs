using System.Text.Json;

namespace Drizzle.Cedar.Tests;

[TestClass]
public sealed class SchemaTests
{
    [TestMethod]
    public void The_same_documents_are_schemas_and_texts_become_the_same_JSON() => Vectors.Expect("schemas", 300, element =>
    {
        var (document, isOk) = (element.GetProperty("schema"), element.GetProperty("ok").GetBoolean());
        Schema schema;
        try
        {
            schema = Read(document);
        }
        catch (CedarException e)
        {
            return isOk ? [e.Message] : [];
        }
        if (!isOk) return ["it is read"];
        if (!element.TryGetProperty("json", out var json) || document.ValueKind != JsonValueKind.String) return [];
        using var written = JsonDocument.Parse(schema.ToJson());
        if (!JsonElement.DeepEquals(written.RootElement, json)) return [$"as JSON it is {schema.ToJson()}"];
        return Schema.FromJson(schema.ToJson()).EntityTypes.Count == schema.EntityTypes.Count ? [] : ["read from JSON it is another"];
    });

    internal static Schema Read(JsonElement document) => document.ValueKind == JsonValueKind.String ? Schema.Parse(document.GetString() ?? "") : Schema.FromJson(document.GetRawText());
}
