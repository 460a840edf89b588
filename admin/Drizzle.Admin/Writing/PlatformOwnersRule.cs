using Drizzle.Contracts.Model;
using Drizzle.Contracts.Secrets;

namespace Drizzle.Admin.Writing;

/// <summary>What in a tenant the platform's owner alone may state: that it is there, its hosts, and what edges read of their own environment and files.</summary>
internal static class PlatformOwnersRule
{
    /// <returns>Null, or a sentence on what is not for others.</returns>
    public static string? Broken(TenantDocument? before, TenantDocument? after)
    {
        if (before is null || after is null) return "Tenants are made and deleted by the platform's owner.";
        if (before.Tenant.Hosts != after.Tenant.Hosts) return "Tenants are given hosts by the platform's owner.";
        var known = ReadByEdges(before.Tenant).ToHashSet();
        return ReadByEdges(after.Tenant).FirstOrDefault(read => !known.Contains(read)) is { What: { } what } ? $"What edges read of their own environment and files is stated by the platform's owner: {what}." : null;
    }

    /// <param name="Place">What would send it on.</param>
    private readonly record struct Read(string Place, string What);

    private static IEnumerable<Read> ReadByEdges(Tenant tenant)
    {
        foreach (var (place, _, secret) in SecretPlaces.Of(tenant))
        {
            if (secret.FromEnv is { } name) yield return new(place, $"fromEnv {name}");
            if (secret.FromFile is { } file) yield return new(place, $"fromFile {file}");
        }
        foreach (var service in tenant.Services)
        {
            if (service.Tls?.CaFile is { } authorities) yield return new(service.Slug, $"caFile {authorities}");
        }
    }
}
