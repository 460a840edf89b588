using System.Text.Json;

namespace Drizzle.Cedar.Json;

/// <summary>Sets of policies as JSON: <c>{"staticPolicies", "templates", "templateLinks"}</c>. A policy is an object, or a text of Cedar.</summary>
public static class PolicySetJson
{
    private const string What = "a set of policies";

    /// <exception cref="CedarException">It is not a set of policies.</exception>
    public static PolicySet Read(string json) => JsonInput.Read(json, Read);

    public static string Write(PolicySet policies) => PolicyJson.Text(to =>
    {
        to.WriteStartObject();
        WritePolicies(to, "templates", policies.Templates);
        WritePolicies(to, "staticPolicies", policies.Static);
        to.WriteStartArray("templateLinks");
        foreach (var link in policies.Links) WriteLink(to, link);
        to.WriteEndArray();
        to.WriteEndObject();
    });

    private static PolicySet Read(JsonElement element)
    {
        JsonInput.Object(element, What, "staticPolicies", "templates", "templateLinks");
        var statics = JsonInput.Find(element, "staticPolicies") is { } found ? Policies(found, "staticPolicies") : [];
        if (statics.Find(p => p.IsTemplate) is { } open) throw new CedarException($"The policy '{open.Id}' has slots: it is a template.");
        var templates = JsonInput.Find(element, "templates") is { } some ? Policies(some, "templates") : [];
        if (templates.Find(p => !p.IsTemplate) is { } closed) throw new CedarException($"The template '{closed.Id}' has no slot.");
        var links = JsonInput.Find(element, "templateLinks") is { } list ? JsonInput.List(list, "'templateLinks'").Select(Link) : [];
        return new PolicySet([.. statics, .. templates], links);
    }

    private static List<Policy> Policies(JsonElement element, string what)
    {
        if (element.ValueKind == JsonValueKind.String) return [.. PolicySet.Parse(JsonInput.Text(element, what)).Written];
        if (element.ValueKind != JsonValueKind.Object) throw new CedarException($"'{what}' is an object with a policy under each id.");
        return [.. element.EnumerateObject().Select(p => p.Value.ValueKind == JsonValueKind.String ? PolicySet.ParseOne(JsonInput.Text(p.Value, "a policy"), p.Name) : PolicyJson.Read(p.Value, p.Name))];
    }

    private static TemplateLink Link(JsonElement element)
    {
        const string what = "a link";
        JsonInput.Object(element, what, "templateId", "newId", "values");
        var given = JsonInput.Need(element, what, "values");
        JsonInput.Object(given, "'values' of a link", "?principal", "?resource");
        var values = given.EnumerateObject().ToDictionary(p => p.Name == "?principal" ? Slot.Principal : Slot.Resource, p => JsonInput.Entity(p.Value, $"the value of {p.Name}"));
        return new TemplateLink(JsonInput.NeedText(element, what, "templateId"), JsonInput.NeedText(element, what, "newId"), values);
    }

    private static void WritePolicies(Utf8JsonWriter to, string name, IReadOnlyList<Policy> policies)
    {
        to.WriteStartObject(name);
        foreach (var policy in policies)
        {
            to.WritePropertyName(policy.Id);
            PolicyJson.Write(to, policy);
        }
        to.WriteEndObject();
    }

    private static void WriteLink(Utf8JsonWriter to, TemplateLink link)
    {
        to.WriteStartObject();
        to.WriteString("templateId", link.Template);
        to.WriteString("newId", link.Id);
        to.WriteStartObject("values");
        foreach (var (slot, value) in link.Values)
        {
            to.WritePropertyName(slot == Slot.Principal ? "?principal" : "?resource");
            ValueJson.WriteEscape(to, value);
        }
        to.WriteEndObject();
        to.WriteEndObject();
    }
}
