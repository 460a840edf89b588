using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Editing;

/// <summary>One object that differs.</summary>
/// <param name="Action"><c>add</c>, <c>change</c> or <c>remove</c>.</param>
/// <param name="Kind"><c>tenant</c>, <c>service</c>, <c>route</c>, <c>plan</c>, <c>consumer</c>, <c>key</c>, <c>policy</c>, <c>issuer</c> or <c>platform</c>.</param>
/// <param name="Name">Its name.</param>
public sealed record ObjectChange(string Action, string Kind, string Name)
{
    /// <summary>What differs in it, where it was and is.</summary>
    public IReadOnlyList<FieldChange>? Fields { get; init; }
}

/// <summary>Compares two states of a tenant object by object.</summary>
public static class TenantDiff
{
    /// <summary>Empty where the two are equal. A null side stands for a tenant that does not exist.</summary>
    public static IReadOnlyList<ObjectChange> Between(TenantDocument? before, TenantDocument? after)
    {
        if (before is null && after is null) return [];
        var changes = new List<ObjectChange>();
        var a = before?.Tenant;
        var b = after?.Tenant;
        var slug = (b ?? a)?.Slug ?? "";
        if (a is null || b is null) changes.Add(new(a is null ? "add" : "remove", "tenant", slug));
        else if (Itself(a) != Itself(b)) changes.Add(new("change", "tenant", slug) { Fields = FieldDiff.Between(Itself(a), Itself(b)) });
        Compare(changes, "plan", a?.Plans ?? [], b?.Plans ?? [], p => p.Name);
        Compare(changes, "service", a?.Services ?? [], b?.Services ?? [], s => s.Slug);
        Compare(changes, "route", a?.Routes ?? [], b?.Routes ?? [], r => r.Name);
        Compare(changes, "consumer", a?.Consumers ?? [], b?.Consumers ?? [], c => c.Name);
        Compare(changes, "policy", a?.Policies ?? [], b?.Policies ?? [], p => p.Name);
        Compare(changes, "issuer", a?.Issuers ?? [], b?.Issuers ?? [], i => i.Name);
        Compare(changes, "key", before?.Keys ?? [], after?.Keys ?? [], k => k.Prefix);
        return changes;
    }

    /// <summary>The tenant without what it holds.</summary>
    private static Tenant Itself(Tenant tenant) =>
        tenant with { Plans = [], Services = [], Routes = [], Consumers = [], Policies = [], Issuers = [] };

    private static void Compare<T>(List<ObjectChange> changes, string kind, ValueList<T> before, ValueList<T> after, Func<T, string> nameOf) where T : class
    {
        var old = before.ToDictionary(nameOf, StringComparer.OrdinalIgnoreCase);
        foreach (var item in after)
        {
            if (!old.Remove(nameOf(item), out var was)) changes.Add(new("add", kind, nameOf(item)));
            else if (!was.Equals(item)) changes.Add(new("change", kind, nameOf(item)) { Fields = FieldDiff.Between(was, item) });
        }
        changes.AddRange(old.Keys.Select(name => new ObjectChange("remove", kind, name)));
    }
}
