using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Certificates;

/// <summary>Which consumer a client certificate belongs to.</summary>
public sealed class CertificateOwners
{
    private readonly Dictionary<string, string> _byName = new(StringComparer.Ordinal);

    /// <param name="tenant">No two of its consumers have the same certificate.</param>
    public CertificateOwners(Tenant tenant)
    {
        foreach (var consumer in tenant.Consumers)
        {
            foreach (var name in consumer.Certificates) _byName[CertificateNames.Normal(name) ?? name] = consumer.Name;
        }
    }

    /// <param name="names">In normal form; the first that a consumer has decides.</param>
    /// <returns>The consumer's name; null for nobody's.</returns>
    public string? Find(IReadOnlyList<string> names) => names.Select(n => _byName.GetValueOrDefault(n)).FirstOrDefault(o => o is not null);
}
