using System.Text;

namespace Drizzle.Cedar.Printing;

/// <summary>Writes policies as text that reads back as the same policy.</summary>
internal static class PolicyPrinter
{
    public static string Print(Policy policy)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in policy.Annotations) text.Append('@').Append(key).Append(value is null ? "" : $"({Quoting.Quote(value)})").Append('\n');
        text.Append(policy.Effect == Effect.Permit ? "permit (" : "forbid (");
        var (principal, action, resource) = (Print(policy.Principal, "principal"), Print(policy.Action, "action"), Print(policy.Resource, "resource"));
        var isPlain = policy.Principal.Kind == ScopeKind.Any && policy.Action.Kind == ScopeKind.Any && policy.Resource.Kind == ScopeKind.Any;
        text.Append(isPlain ? $"{principal}, {action}, {resource})" : $"\n  {principal},\n  {action},\n  {resource}\n)");
        foreach (var condition in policy.Conditions) text.Append(condition.IsUnless ? "\nunless { " : "\nwhen { ").Append(ExpressionPrinter.Print(condition.Body)).Append(" }");
        return text.Append(";\n").ToString();
    }

    private static string Print(Scope scope, string variable) => scope.Kind switch
    {
        ScopeKind.Any => variable,
        ScopeKind.Equal => $"{variable} == {Target(scope, variable)}",
        ScopeKind.In => $"{variable} in {Target(scope, variable)}",
        ScopeKind.InAny => $"{variable} in [{string.Join(", ", scope.Entities)}]",
        ScopeKind.Is => $"{variable} is {scope.Type}",
        _ => $"{variable} is {scope.Type} in {Target(scope, variable)}",
    };

    private static string Target(Scope scope, string variable) => scope.Slot is null ? scope.Entity.ToString() : "?" + variable;
}
