using System.Text.Json;
using Drizzle.Cedar.Json;

namespace Drizzle.Cedar.Tests;

[TestClass]
public sealed class JsonTests
{
    /// <summary>What the reference reads and this library refuses on purpose, as pieces of the documents.</summary>
    private static readonly string[] RefusedHere =
    [
        // A slot of the other variable, which the reference takes for the right one by mistake; later versions refuse it.
        "\"resource\":{\"op\":\"is\",\"entity_type\":\"User\",\"in\":{\"slot\":\"?principal\"}",
        "\"principal\":{\"op\":\"is\",\"entity_type\":\"User\",\"in\":{\"slot\":\"?resource\"}",
        // A function that does not exist, which would only be found when the policy is evaluated.
        "{\"fn\":\"foo\",", "{\"fn\":\"IP\",",
        // A method that is called on nothing, which no text can say.
        "\"isIpv4\":[]", "\"isInRange\":[]", "\"lessThan\":[]", "\"offset\":[]", "\"toDate\":[]", "\"toDays\":[]",
        // A list of policies without ids, which is a form of the reference's interface alone.
        "{\"static\":[",
    ];

    [TestMethod]
    public void The_same_documents_are_policies() => Vectors.Expect("parsing-json", 800, element => Read(element, () =>
    {
        var policy = PolicyJson.Read(element.GetProperty("json").GetRawText(), "p");
        // What was read is written, and read again, in either form.
        var written = PolicyJson.Write(policy);
        Assert.AreEqual(written, PolicyJson.Write(PolicyJson.Read(written, "p")));
        Assert.AreEqual(written, PolicyJson.Write(PolicySet.ParseOne(new PolicySet([policy]).ToString(), "p")));
    }));

    [TestMethod]
    public void The_same_documents_are_sets_of_policies() => Vectors.Expect("policy-sets", 50, element => Read(element, () =>
    {
        var policies = element.GetProperty("policies");
        var named = policies.EnumerateObject().ToDictionary(p => p.Name switch { "static" => "staticPolicies", "links" => "templateLinks", var other => other }, p => p.Name == "links" ? Links(p.Value) : p.Value.GetRawText());
        var set = PolicySetJson.Read($"{{{string.Join(", ", named.Select(n => $"\"{n.Key}\": {n.Value}"))}}}");
        Assert.AreEqual(PolicySetJson.Write(set), PolicySetJson.Write(PolicySetJson.Read(PolicySetJson.Write(set))));
    }));

    [TestMethod]
    public void The_same_documents_are_entities_with_and_without_a_schema() => Vectors.Expect("entities", 500, element => Read(element, () =>
    {
        var json = element.GetProperty("entities").GetRawText();
        var entities = element.TryGetProperty("schema", out var schema) ? EntitiesJson.Read(json, SchemaTests.Read(schema)) : EntitiesJson.Read(json);
        Assert.AreEqual(EntitiesJson.Write(entities), EntitiesJson.Write(EntitiesJson.Read(EntitiesJson.Write(entities))));
    }));

    [TestMethod]
    public void The_same_requests_are_of_a_schema() => Vectors.Expect("requests", 200, element => Read(element, () =>
    {
        var schema = SchemaTests.Read(element.GetProperty("schema"));
        var action = JsonInput.Entity(element.GetProperty("action"), "action");
        var context = EntitiesJson.ReadContext(element.GetProperty("context").GetRawText(), schema, action);
        schema.Check(new Request(JsonInput.Entity(element.GetProperty("principal"), "principal"), action, JsonInput.Entity(element.GetProperty("resource"), "resource"), context));
    }));

    private static IEnumerable<string> Read(JsonElement element, Action read)
    {
        var raw = element.GetRawText();
        var isOk = element.GetProperty("ok").GetBoolean() && !Array.Exists(RefusedHere, piece => raw.Contains(piece, StringComparison.Ordinal));
        try
        {
            read();
        }
        catch (CedarException e)
        {
            return isOk ? [e.Message] : [];
        }
        return isOk ? [] : ["it is read"];
    }

    private static string Links(JsonElement links) => links.ValueKind != JsonValueKind.Array ? links.GetRawText() : $"[{string.Join(", ", links.EnumerateArray().Select(Link))}]";

    private static string Link(JsonElement link) => link.ValueKind != JsonValueKind.Object ? link.GetRawText()
        : $"{{{string.Join(", ", link.EnumerateObject().Select(p => $"\"{p.Name switch { "template" => "templateId", "id" => "newId", var other => other }}\": {p.Value.GetRawText()}"))}}}";
}
