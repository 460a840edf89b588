using Drizzle.Cedar.Validation;

namespace Drizzle.Cedar;

/// <summary>
/// Checks policies against a schema, strictly: what passes cannot fail at run time for entities and requests that are of the schema, but by overflow, by entities that are missing, and by text that is none of an extension's.
/// </summary>
public sealed class Validator(Schema schema)
{
    /// <summary>All errors and warnings; the policies are valid where there is no error.</summary>
    public IReadOnlyList<Finding> Validate(PolicySet policies)
    {
        var findings = new List<Finding>();
        foreach (var policy in policies.Written) findings.AddRange(Validate(policy));
        foreach (var linked in policies.Linked) findings.AddRange(new ScopeCheck(schema, linked).Linked());
        return findings;
    }

    private IEnumerable<Finding> Validate(Policy policy)
    {
        var mistakes = new Mistakes(policy.Id);
        new NameCheck(schema, mistakes).Check(policy);
        var isImpossible = true;
        var body = Folding.Fold(policy.Conditions);
        foreach (var situation in RequestTypes.Of(schema, policy))
        {
            if (!new TypeChecker(schema, situation, mistakes).IsNeverTrue(policy, body)) isImpossible = false;
        }
        return [.. new ScopeCheck(schema, policy).Applies(), .. mistakes.All, .. isImpossible ? Impossible(policy) : []];
    }

    private static Finding[] Impossible(Policy policy) => [new(policy.Id, false, "The policy can never apply: its conditions are false for every request there can be.", policy.At)];
}
