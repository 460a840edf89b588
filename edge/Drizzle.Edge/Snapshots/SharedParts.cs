using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;

namespace Drizzle.Edge.Snapshots;

/// <summary>
/// Takes what is as it was from the document in force. Upstreams and counters outlive an edit and hold the parts that they were made from;
/// without this each edited tenant would be in memory twice.
/// </summary>
internal static class SharedParts
{
    public static TenantDocument Of(TenantDocument document, TenantDocument? before)
    {
        if (before is null) return document;
        var (now, was) = (document.Tenant, before.Tenant);
        return document with
        {
            Tenant = now with
            {
                Services = Shared(now.Services, was.Services, s => s.Slug),
                Routes = Shared(now.Routes, was.Routes, r => r.Name),
                Consumers = Shared(now.Consumers, was.Consumers, c => c.Name),
                Plans = Shared(now.Plans, was.Plans, p => p.Name),
                Policies = Shared(now.Policies, was.Policies, p => p.Name),
                Issuers = Shared(now.Issuers, was.Issuers, i => i.Name),
            },
            Keys = Shared(document.Keys, before.Keys, k => k.Prefix),
        };
    }

    private static ValueList<T> Shared<T>(ValueList<T> now, ValueList<T> was, Func<T, string> nameOf) where T : class
    {
        if (now.Count == 0 || was.Count == 0) return now;
        var items = new T[now.Count];
        Dictionary<string, T>? byName = null;
        for (var i = 0; i < items.Length; i++)
        {
            // Most edits move nothing; where one does, names find the rest.
            var candidate = i < was.Count && nameOf(was[i]) == nameOf(now[i]) ? was[i] : (byName ??= ByName(was, nameOf)).GetValueOrDefault(nameOf(now[i]));
            items[i] = candidate is not null && candidate.Equals(now[i]) ? candidate : now[i];
        }
        return items.ToValueList();
    }

    private static Dictionary<string, T> ByName<T>(ValueList<T> items, Func<T, string> nameOf)
    {
        var byName = new Dictionary<string, T>(items.Count, StringComparer.Ordinal);
        foreach (var item in items) byName[nameOf(item)] = item;
        return byName;
    }
}
