using Drizzle.Contracts.Model;
using Drizzle.Contracts.Secrets;
using Drizzle.Contracts.Values;

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

    /// <param name="Place">Where it stands.</param>
    /// <param name="Receiver">Who is sent it: whoever could change that could have it sent to itself.</param>
    private readonly record struct Read(string Place, ValueList<Destination> Receiver, UpstreamTls? Tls, string What);

    private static IEnumerable<Read> ReadByEdges(Tenant tenant)
    {
        foreach (var placed in SecretPlaces.Of(tenant))
        {
            var (receiver, tls) = (placed.Receiver?.Destinations ?? [], placed.Receiver?.Tls);
            if (placed.Secret.FromEnv is { } name) yield return new(placed.Place, receiver, tls, $"fromEnv {name}, and where it is sent");
            if (placed.Secret.FromFile is { } file) yield return new(placed.Place, receiver, tls, $"fromFile {file}, and where it is sent");
        }
        foreach (var service in tenant.Services)
        {
            if (service.Tls?.CaFile is { } authorities) yield return new($"service:{service.Slug}", [], null, $"caFile {authorities}");
        }
        foreach (var issuer in tenant.Issuers)
        {
            if (issuer.Tls?.CaFile is { } authorities) yield return new($"issuer:{issuer.Name}", [], null, $"caFile {authorities}");
        }
    }
}
