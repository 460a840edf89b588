using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Editing;

/// <summary>Pure changes to a tenant's document.</summary>
public static class TenantEdits
{
    /// <summary>
    /// Lays a tenant as a file has it over what is stored: named objects are added or replaced, those the file does not name stay unless
    /// <paramref name="prune"/>. Keys stay with their consumers.
    /// </summary>
    public static TenantDocument Overlay(TenantDocument? stored, Tenant file, bool prune)
    {
        if (stored is null) return new() { Tenant = file };
        var old = stored.Tenant;
        var merged = prune ? file : file with
        {
            Name = file.Name ?? old.Name,
            TimeZone = file.TimeZone ?? old.TimeZone,
            Hosts = Stated(file.Hosts, old.Hosts),
            Limits = Stated(file.Limits, old.Limits),
            Concurrency = Stated(file.Concurrency, old.Concurrency),
            Plans = Merge(old.Plans, file.Plans, p => p.Name),
            Services = Merge(old.Services, file.Services, s => s.Slug),
            Routes = Merge(old.Routes, file.Routes, r => r.Name),
            Consumers = Merge(old.Consumers, file.Consumers, c => c.Name),
            Policies = Merge(old.Policies, file.Policies, p => p.Name),
            Issuers = Merge(old.Issuers, file.Issuers, i => i.Name),
        };
        return WithoutOrphanKeys(stored with { Tenant = merged });
    }

    /// <summary>Adds the item, or puts it in the place of the one that has its name.</summary>
    public static ValueList<T> Put<T>(ValueList<T> items, T item, Func<T, string> nameOf)
    {
        var name = nameOf(item);
        var isThere = items.Any(i => SameName(nameOf(i), name));
        return isThere ? items.Select(i => SameName(nameOf(i), name) ? item : i).ToValueList() : items.Append(item).ToValueList();
    }

    public static ValueList<T> Remove<T>(ValueList<T> items, string name, Func<T, string> nameOf) =>
        items.Where(i => !SameName(nameOf(i), name)).ToValueList();

    /// <summary>A key does not outlive its consumer, and names it as it is written now.</summary>
    public static TenantDocument WithoutOrphanKeys(TenantDocument document)
    {
        var consumers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var consumer in document.Tenant.Consumers) consumers[consumer.Name] = consumer.Name;
        if (document.Keys.All(k => consumers.GetValueOrDefault(k.Consumer) == k.Consumer)) return document;
        return document with
        {
            Keys = document.Keys.Where(k => consumers.ContainsKey(k.Consumer)).Select(k => k with { Consumer = consumers[k.Consumer] }).ToValueList(),
        };
    }

    private static ValueList<T> Stated<T>(ValueList<T> file, ValueList<T> old) => file.Count > 0 ? file : old;

    private static ValueList<T> Merge<T>(ValueList<T> old, ValueList<T> file, Func<T, string> nameOf)
    {
        if (old.Count == 0) return file;
        var stated = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in file) stated[nameOf(item)] = item;
        var merged = old.Select(i => stated.Remove(nameOf(i), out var replacement) ? replacement : i).ToList();
        merged.AddRange(file.Where(i => stated.ContainsKey(nameOf(i))));
        return merged.ToValueList();
    }

    private static bool SameName(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
