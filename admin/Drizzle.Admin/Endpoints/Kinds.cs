using Drizzle.Contracts.Editing;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;

namespace Drizzle.Admin.Endpoints;

/// <summary>One kind of named object within a tenant: all that its endpoints need to know.</summary>
/// <param name="Singular">As messages name it.</param>
/// <param name="Plural">As paths name it.</param>
/// <param name="NameField">The JSON field that holds its name.</param>
internal sealed record Kind<T>(
    string Singular, string Plural, string NameField, Func<T, string> NameOf, Func<Tenant, ValueList<T>> Get, Func<Tenant, ValueList<T>, Tenant> Set)
    where T : class
{
    /// <summary>As names of operations have it.</summary>
    public string Label => char.ToUpperInvariant(Singular[0]) + Singular[1..];

    public string PluralLabel => char.ToUpperInvariant(Plural[0]) + Plural[1..];

    public T? Find(Tenant tenant, string name)
    {
        foreach (var item in Get(tenant))
        {
            if (string.Equals(NameOf(item), name, StringComparison.OrdinalIgnoreCase)) return item;
        }
        return null;
    }

    public TenantDocument Put(TenantDocument document, T item) =>
        document with { Tenant = Set(document.Tenant, TenantEdits.Put(Get(document.Tenant), item, NameOf)) };

    public TenantDocument Remove(TenantDocument document, string name) =>
        TenantEdits.WithoutOrphanKeys(document with { Tenant = Set(document.Tenant, TenantEdits.Remove(Get(document.Tenant), name, NameOf)) });
}

internal static class Kinds
{
    public static readonly Kind<Service> Services = new("service", "services", "slug", s => s.Slug, t => t.Services, (t, items) => t with { Services = items });
    public static readonly Kind<Route> Routes = new("route", "routes", "name", r => r.Name, t => t.Routes, (t, items) => t with { Routes = items });
    public static readonly Kind<Consumer> Consumers = new("consumer", "consumers", "name", c => c.Name, t => t.Consumers, (t, items) => t with { Consumers = items });
    public static readonly Kind<Plan> Plans = new("plan", "plans", "name", p => p.Name, t => t.Plans, (t, items) => t with { Plans = items });
    public static readonly Kind<Policy> Policies = new("policy", "policies", "name", p => p.Name, t => t.Policies, (t, items) => t with { Policies = items });
    public static readonly Kind<Issuer> Issuers = new("issuer", "issuers", "name", i => i.Name, t => t.Issuers, (t, items) => t with { Issuers = items });
}
