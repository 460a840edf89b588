using System.Text.Json;

namespace Drizzle.Cedar.Tests;

[TestClass]
public sealed class ValidationTests
{
    [TestMethod]
    public void The_same_policies_are_valid() => Vectors.Expect("validation", 200, element =>
    {
        var findings = new Validator(SchemaTests.Read(element.GetProperty("schema"))).Validate(VectorPolicies.Read(element.GetProperty("policies")));
        var invalid = element.GetProperty("invalid").EnumerateArray().Select(e => e.GetString()).ToHashSet();
        // Whether one that is invalid is impossible too the reference says now one way, now the other.
        return Compare(element, "invalid", findings.Where(f => f.IsError), _ => true).Concat(Compare(element, "impossible", findings.Where(f => !f.IsError), id => !invalid.Contains(id)));
    });

    private static IEnumerable<string> Compare(JsonElement element, string name, IEnumerable<Finding> findings, Func<string, bool> counts)
    {
        if (!element.TryGetProperty(name, out var list)) yield break;
        var expected = list.EnumerateArray().Select(e => e.GetString() ?? "").Where(counts).ToHashSet(StringComparer.Ordinal);
        var found = findings.Where(f => counts(f.PolicyId)).ToLookup(f => f.PolicyId, StringComparer.Ordinal);
        foreach (var missed in expected.Where(e => !found.Contains(e))) yield return $"{missed} is {name}: {Text(element, missed)}";
        foreach (var other in found.Where(f => !expected.Contains(f.Key))) yield return $"{other.Key} is not {name}, though: {string.Join(" ", other)}\n  {Text(element, other.Key)}";
    }

    private static string Text(JsonElement element, string id)
    {
        var policies = VectorPolicies.Read(element.GetProperty("policies"));
        return policies.Written.Concat(policies.Linked).Where(p => p.Id == id).Select(p => p.IsTemplate ? p.Id : new PolicySet([p]).ToString()).FirstOrDefault() ?? "?";
    }
}
