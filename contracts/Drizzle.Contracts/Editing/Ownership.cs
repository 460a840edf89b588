using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Editing;

/// <summary>
/// Which objects are kept in which file. A file that is applied owns what it states, lets go of what it states no longer, and takes nothing from another
/// file; who changes an owned object by other means is refused, or takes it from the file by force.
/// </summary>
public static class Ownership
{
    /// <summary>Every object that a file states of a tenant, as <see cref="ObjectOwner.Object"/> names them.</summary>
    public static IReadOnlySet<string> StatedBy(Tenant file)
    {
        var stated = new HashSet<string>(StringComparer.Ordinal);
        if (file.Name is not null) stated.Add("tenant/name");
        if (file.TimeZone is not null) stated.Add("tenant/timezone");
        if (file.Hosts.Count > 0) stated.Add("tenant/hosts");
        if (file.Limits.Count > 0) stated.Add("tenant/limits");
        if (file.Concurrency.Count > 0) stated.Add("tenant/concurrency");
        stated.UnionWith(NamesIn(file));
        return stated;
    }

    /// <returns>An object that a change touches and another file owns; null where there is none.</returns>
    /// <param name="file">The file that makes the change; null for other means.</param>
    public static ObjectOwner? FirstConflict(TenantDocument? stored, IReadOnlyList<ObjectChange> changes, string? file)
    {
        // Whoever makes or deletes a tenant does so whole.
        if (stored is null || stored.Owners.Count == 0 || changes.Any(c => c is { Kind: "tenant", Action: not "change" })) return null;
        var touched = changes.SelectMany(Touched).ToHashSet(StringComparer.Ordinal);
        return stored.Owners.FirstOrDefault(o => o.File != file && touched.Contains(o.Object));
    }

    /// <summary>Who owns what after a change.</summary>
    /// <param name="after">The document as it shall be.</param>
    /// <param name="stored">As it was.</param>
    /// <param name="changes">What differs.</param>
    /// <param name="file">The file that makes the change; null for other means.</param>
    /// <param name="stated">What that file states.</param>
    /// <param name="isForced">Whether it takes what it states from other files, also where nothing differs.</param>
    public static ValueList<ObjectOwner> After(TenantDocument after, TenantDocument? stored, IReadOnlyList<ObjectChange> changes, string? file, IReadOnlySet<string> stated, bool isForced)
    {
        var before = stored?.Owners ?? [];
        if (before.Count == 0 && file is null) return [];
        var touched = changes.SelectMany(Touched).ToHashSet(StringComparer.Ordinal);
        var there = NamesIn(after.Tenant).ToHashSet(StringComparer.Ordinal);
        // What others own and did not lose by force stays theirs.
        var kept = before.Where(o => o.File != file && !touched.Contains(o.Object) && (o.Object.StartsWith("tenant/", StringComparison.Ordinal) || there.Contains(o.Object))).ToList();
        if (file is not null)
        {
            if (isForced) kept.RemoveAll(o => stated.Contains(o.Object));
            var taken = kept.Select(o => o.Object).ToHashSet(StringComparer.Ordinal);
            kept.AddRange(stated.Where(name => !taken.Contains(name)).Select(name => new ObjectOwner { Object = name, File = file }));
        }
        return kept.OrderBy(o => o.Object, StringComparer.Ordinal).ToValueList();
    }

    private static IEnumerable<string> Touched(ObjectChange change) => change.Kind == "tenant"
        ? (change.Fields ?? []).Select(f => $"tenant/{f.Path.Split('.', '[')[0].ToLowerInvariant()}")
        : [NameOf(change.Kind, change.Name)];

    private static IEnumerable<string> NamesIn(Tenant tenant) =>
    [
        .. tenant.Plans.Select(p => NameOf("plan", p.Name)), .. tenant.Services.Select(s => NameOf("service", s.Slug)), .. tenant.Routes.Select(r => NameOf("route", r.Name)),
        .. tenant.Consumers.Select(c => NameOf("consumer", c.Name)), .. tenant.Policies.Select(p => NameOf("policy", p.Name)), .. tenant.Issuers.Select(i => NameOf("issuer", i.Name)),
    ];

    private static string NameOf(string kind, string name) => $"{kind}/{name.ToLowerInvariant()}";
}
