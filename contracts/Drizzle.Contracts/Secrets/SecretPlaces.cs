using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Secrets;

/// <summary>A secret of a tenant and where it stands.</summary>
/// <param name="Place">Unique in all tenants, such as <c>acme/service:orders/credential:authorization</c>: what a sealed secret is bound to.</param>
/// <param name="Path">As errors name it, such as <c>services[0].credentials[1].secret</c>.</param>
/// <param name="Service">Whose destinations are sent it.</param>
public readonly record struct PlacedSecret(string Place, string Path, Service Service, Secret Secret);

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
                yield return new(PlaceOf(tenant.Slug, service, service.Credentials[j]), $"services[{i}].credentials[{j}].secret", service, service.Credentials[j].Secret);
            }
        }
    }

    public static string PlaceOf(string tenant, Service service, UpstreamCredential credential) =>
        $"{tenant}/service:{service.Slug}/credential:{credential.Header.ToLowerInvariant()}";

    /// <summary>The tenant with every secret replaced.</summary>
    public static Tenant Map(Tenant tenant, Func<PlacedSecret, Secret> change)
    {
        if (!tenant.Services.Any(s => s.Credentials.Count > 0)) return tenant;
        var changed = Of(tenant).ToDictionary(p => p.Place, change);
        return tenant with
        {
            Services = [.. tenant.Services.Select(s => s.Credentials.Count == 0 ? s : s with { Credentials = [.. s.Credentials.Select(c => c with { Secret = changed[PlaceOf(tenant.Slug, s, c)] })] })],
        };
    }
}
