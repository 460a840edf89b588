using Drizzle.Contracts.Model;
using Drizzle.Contracts.Validation;

namespace Drizzle.Contracts.Secrets;

/// <summary>A secret of a tenant and where it stands.</summary>
/// <param name="Place">Unique in all tenants, such as <c>acme/service:orders/credential:authorization</c>: what a sealed secret is bound to.</param>
/// <param name="Path">As errors name it, such as <c>services[0].credentials[1].secret</c>.</param>
/// <param name="Receiver">Whose destinations are sent it; null where nobody is.</param>
/// <param name="Least">How many characters its value must have.</param>
public readonly record struct PlacedSecret(string Place, string Path, Service? Receiver, Secret Secret, int Least);

/// <summary>All places of a tenant's document where a secret may stand.</summary>
public static class SecretPlaces
{
    public static IEnumerable<PlacedSecret> Of(Tenant tenant)
    {
        for (var i = 0; i < tenant.Services.Count; i++)
        {
            var service = tenant.Services[i];
            for (var j = 0; j < service.Credentials.Count; j++)
            {
                yield return new(PlaceOf(tenant.Slug, service, service.Credentials[j]), $"services[{i}].credentials[{j}].secret", service, service.Credentials[j].Secret, 1);
            }
        }
        for (var i = 0; i < tenant.Issuers.Count; i++)
        {
            if (tenant.Issuers[i].Secret is { } secret) yield return new(PlaceOf(tenant.Slug, tenant.Issuers[i]), $"issuers[{i}].secret", null, secret, IssuerSecret.LeastCharacters(tenant.Issuers[i]));
        }
    }

    public static string PlaceOf(string tenant, Service service, UpstreamCredential credential) =>
        $"{tenant}/service:{service.Slug}/credential:{credential.Header.ToLowerInvariant()}";

    public static string PlaceOf(string tenant, Issuer issuer) => $"{tenant}/issuer:{issuer.Name}/secret";

    /// <summary>The tenant with every secret replaced.</summary>
    public static Tenant Map(Tenant tenant, Func<PlacedSecret, Secret> change)
    {
        var changed = Of(tenant).ToDictionary(p => p.Place, change);
        if (changed.Count == 0) return tenant;
        return tenant with
        {
            Services = [.. tenant.Services.Select(s => s.Credentials.Count == 0 ? s : s with { Credentials = [.. s.Credentials.Select(c => c with { Secret = changed[PlaceOf(tenant.Slug, s, c)] })] })],
            Issuers = [.. tenant.Issuers.Select(i => i.Secret is null ? i : i with { Secret = changed[PlaceOf(tenant.Slug, i)] })],
        };
    }
}
