using System.Text.Json;
using Drizzle.Cedar.Json;

namespace Drizzle.Cedar.Tests;

/// <summary>Policies of a case: <c>{"static", "templates", "links"}</c>.</summary>
internal static class VectorPolicies
{
    public static PolicySet Read(JsonElement element)
    {
        var policies = new List<Policy>();
        if (element.TryGetProperty("static", out var statics))
        {
            if (statics.ValueKind == JsonValueKind.String) policies.AddRange(PolicySet.Parse(statics.GetString() ?? "").Static);
            else policies.AddRange(statics.EnumerateObject().Select(Policy));
        }
        if (element.TryGetProperty("templates", out var templates)) policies.AddRange(templates.EnumerateObject().Select(Policy));
        return new PolicySet(policies, element.TryGetProperty("links", out var links) ? links.EnumerateArray().Select(Link) : []);
    }

    private static Policy Policy(JsonProperty property) =>
        property.Value.ValueKind == JsonValueKind.String ? PolicySet.ParseOne(property.Value.GetString() ?? "", property.Name) : PolicyJson.Read(property.Value.GetRawText(), property.Name);

    private static TemplateLink Link(JsonElement element) => new(
        element.GetProperty("template").GetString() ?? "", element.GetProperty("id").GetString() ?? "",
        element.GetProperty("values").EnumerateObject().ToDictionary(p => p.Name == "?principal" ? Slot.Principal : Slot.Resource, p => AuthorizationTests.Entity(p.Value)));
}
