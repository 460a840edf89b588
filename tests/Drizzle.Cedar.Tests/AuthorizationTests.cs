using System.Text.Json;
using Drizzle.Cedar.Json;

namespace Drizzle.Cedar.Tests;

[TestClass]
public sealed class AuthorizationTests
{
    [TestMethod]
    public void Decisions_reasons_and_erring_policies_are_those_of_the_reference() => Vectors.Expect("authorization", 1200, element =>
    {
        var policies = VectorPolicies.Read(element.GetProperty("policies"));
        var authorizer = new Authorizer(policies);
        var entities = EntitiesJson.Read(element.GetProperty("entities").GetRawText());
        return element.GetProperty("requests").EnumerateArray().SelectMany((r, i) => Judge(r, authorizer, entities).Select(wrong => $"request {i}: {wrong}"));
    });

    [TestMethod]
    public void Extensions_work_as_in_the_reference()
    {
        var nobody = new EntityUid("User", "nobody");
        Vectors.Expect("extensions", 1500, element => Evaluated(element, new Request(nobody, new EntityUid("Action", "a"), nobody, RecordValue.Empty), Entities.None));
    }

    [TestMethod]
    public void Operators_work_as_in_the_reference()
    {
        using var world = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "operators.json")));
        var (request, entities) = (RequestOf(world.RootElement.GetProperty("request")), EntitiesJson.Read(world.RootElement.GetProperty("entities").GetRawText()));
        Vectors.Expect("operators", 12_000, element => Evaluated(element, request, entities));
    }

    internal static EntityUid Entity(JsonElement element) => new(element.GetProperty("type").GetString() ?? "", element.GetProperty("id").GetString() ?? "");

    private static IEnumerable<string> Judge(JsonElement element, Authorizer authorizer, Entities entities)
    {
        var decision = authorizer.Decide(RequestOf(element), entities);
        var expected = $"{element.GetProperty("decision")} by [{Ids(element, "reasons")}], erring [{Ids(element, "erring")}]";
        var found = $"{(decision.IsAllowed ? "allow" : "deny")} by [{Sorted(decision.Reasons.Select(p => p.Id))}], erring [{Sorted(decision.Errors.Select(e => e.Policy.Id))}]";
        if (found != expected) yield return $"expected {expected}, found {found} ({string.Join("; ", decision.Errors.Select(e => e.Message))})";
    }

    private static Request RequestOf(JsonElement element) =>
        new(Entity(element.GetProperty("principal")), Entity(element.GetProperty("action")), Entity(element.GetProperty("resource")), EntitiesJson.ReadContext(element.GetProperty("context").GetRawText()));

    private static IEnumerable<string> Evaluated(JsonElement element, in Request request, Entities entities)
    {
        var policy = PolicySet.ParseOne($"permit(principal, action, resource) when {{ {element.GetProperty("expr").GetString()} }};", "p");
        var decision = new Authorizer(new PolicySet([policy])).Decide(request, entities);
        var found = decision.Errors.Count > 0 ? "error" : decision.IsAllowed ? "true" : "false";
        var expected = element.GetProperty("value").ToString().ToLowerInvariant();
        return found == expected ? [] : [$"expected {expected}, found {found} {string.Join("; ", decision.Errors.Select(e => e.Message))}"];
    }

    private static string Ids(JsonElement element, string name) => Sorted(element.GetProperty(name).EnumerateArray().Select(e => e.GetString() ?? ""));

    private static string Sorted(IEnumerable<string> ids) => string.Join(", ", ids.Order(StringComparer.Ordinal));
}
