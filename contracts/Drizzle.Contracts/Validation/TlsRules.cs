using Drizzle.Contracts.Certificates;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Routing;

namespace Drizzle.Contracts.Validation;

/// <summary>Certificates of clients and of the gateway, and https itself.</summary>
internal static class TlsRules
{
    private const int LongestCa = 64 * 1024;
    private const int LongestCrl = 512 * 1024;
    private const int MostNames = 16;
    private const int MostRules = 100;
    private const int MostCertificates = 1000;
    private const int LongestPath = 4096;
    private static readonly TimeSpan MostHsts = TimeSpan.FromDays(730);
    private static readonly TimeSpan LeastPreload = TimeSpan.FromDays(365);

    public static void Check(Tenant tenant, string path, Findings findings)
    {
        if (tenant.ClientCertificates is { } certificates) Check(certificates, $"{path}.clientCertificates", findings);
        CheckOwners(tenant, path, findings);
        if (tenant.Https.Count > MostRules || tenant.Https.Any(r => r.Hosts.Count > MostRules))
        {
            findings.Add($"{path}.https", $"At most {MostRules} rules, of {MostRules} hosts each.");
            return;
        }
        for (var i = 0; i < tenant.Https.Count; i++) Check(tenant.Https[i], tenant, $"{path}.https[{i}]", findings);
    }

    public static void Check(Platform platform, string path, Findings findings)
    {
        if (platform.Certificates.Count > MostCertificates) findings.Add($"{path}.certificates", $"At most {MostCertificates}.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < platform.Certificates.Count; i++)
        {
            var (certificate, at) = (platform.Certificates[i], $"{path}.certificates[{i}]");
            if (certificate.Hosts.Count == 0) findings.Add($"{at}.hosts", "At least one host.");
            for (var j = 0; j < certificate.Hosts.Count; j++)
            {
                if (HostPattern.Error(certificate.Hosts[j]) is { } error) findings.Add($"{at}.hosts[{j}]", error);
                else if (!seen.Add(certificate.Hosts[j])) findings.Add($"{at}.hosts[{j}]", "Stands twice.");
            }
            if (IsNoPath(certificate.CertFile)) findings.Add($"{at}.certFile", "Not a path.");
            if (IsNoPath(certificate.KeyFile)) findings.Add($"{at}.keyFile", "Not a path.");
        }
    }

    private static bool IsNoPath(string file) => file.Length is 0 or > LongestPath || file.Any(char.IsControl);

    private static void Check(ClientCertificates certificates, string path, Findings findings)
    {
        if (certificates.Ca.Length > LongestCa || certificates.Crl?.Length > LongestCrl)
        {
            findings.Add(path, $"At most {LongestCa} characters of authorities, and {LongestCrl} of revocation lists.");
            return;
        }
        try
        {
            var authorities = AuthorityList.Parse(certificates.Ca);
            try
            {
                if (certificates.Crl is { } crl) RevocationList.ParseAll(crl, authorities);
            }
            catch (FormatException e)
            {
                findings.Add($"{path}.crl", e.Message);
            }
        }
        catch (FormatException e)
        {
            findings.Add($"{path}.ca", e.Message);
        }
    }

    private static void CheckOwners(Tenant tenant, string path, Findings findings)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < tenant.Consumers.Count; i++)
        {
            var (consumer, at) = (tenant.Consumers[i], $"{path}.consumers[{i}].certificates");
            if (consumer.Certificates.Count > MostNames) findings.Add(at, $"At most {MostNames}.");
            for (var j = 0; j < consumer.Certificates.Count; j++)
            {
                var name = consumer.Certificates[j];
                if (CertificateNames.Normal(name) is not { } normal) findings.Add($"{at}[{j}]", $"'{Names.Shown(name)}': expected uri:…, dns:…, email:… or subject:CN=….");
                else if (!owners.TryAdd(normal, consumer.Name)) findings.Add($"{at}[{j}]", $"'{Names.Shown(name)}' is {owners[normal]}'s already.");
            }
        }
    }

    private static void Check(HttpsRule rule, Tenant tenant, string path, Findings findings)
    {
        if (tenant.Hosts.Count == 0) findings.Add($"{path}.hosts", "The tenant has no hosts of its own.");
        for (var i = 0; i < rule.Hosts.Count; i++)
        {
            if (!tenant.Hosts.Contains(rule.Hosts[i])) findings.Add($"{path}.hosts[{i}]", $"'{Names.Shown(rule.Hosts[i])}' is not one of the tenant's hosts.");
        }
        if (rule.Port is < 1 or > ushort.MaxValue) findings.Add($"{path}.port", "From 1 to 65535.");
        if (rule.Hsts is not { } hsts) return;
        if (hsts.MaxAge.Value < TimeSpan.Zero || hsts.MaxAge.Value > MostHsts) findings.Add($"{path}.hsts.maxAge", "From 0s to two years.");
        if (hsts.Preload && (!hsts.IncludeSubDomains || hsts.MaxAge.Value < LeastPreload)) findings.Add($"{path}.hsts.preload", "Browsers want a year at least, and includeSubDomains.");
    }
}
