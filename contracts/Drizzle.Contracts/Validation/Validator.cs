using System.Net;
using Drizzle.Contracts.Addresses;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Routing;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Validation;

/// <summary>Judges a configuration: every error is reported, each with its path.</summary>
public static class Validator
{
    public const int MostHosts = 1000;
    public const int MostOfAKind = 20_000;

    public static void Check(ConfigurationFile file, Findings findings)
    {
        if (file.Platform is { } platform) Check(platform, "platform", findings);
        var slugs = new HashSet<string>();
        var hosts = new Dictionary<string, string>();
        for (var i = 0; i < file.Tenants.Count; i++)
        {
            var tenant = file.Tenants[i];
            var path = $"tenants[{i}]";
            if (!slugs.Add(tenant.Slug)) findings.Add($"{path}.slug", $"'{Names.Shown(tenant.Slug)}' stands twice.");
            for (var j = 0; j < tenant.Hosts.Count; j++)
            {
                if (!hosts.TryAdd(tenant.Hosts[j], tenant.Slug) && hosts[tenant.Hosts[j]] != tenant.Slug)
                {
                    findings.Add($"{path}.hosts[{j}]", $"'{tenant.Hosts[j]}' belongs to tenant '{hosts[tenant.Hosts[j]]}' already.");
                }
            }
            Check(tenant, path, findings);
        }
    }

    public static void Check(Platform platform, string path, Findings findings)
    {
        CheckRanges(platform.TrustedProxies, $"{path}.trustedProxies", findings);
        CheckRanges(platform.AllowedDestinations, $"{path}.allowedDestinations", findings);
        if (platform.AddressLimit is { } limit) LimitRules.CheckBucket(limit.Rate, limit.Burst, $"{path}.addressLimit", findings);
        LimitRules.Check(platform.Limits, $"{path}.limits", findings);
        TlsRules.Check(platform, path, findings);
    }

    public static void Check(Tenant tenant, string path, Findings findings)
    {
        if (Names.SlugError(tenant.Slug) is { } error) findings.Add($"{path}.slug", error);
        if (tenant.Name is { Length: > 200 }) findings.Add($"{path}.name", "At most 200 characters.");
        if (tenant.TimeZone is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)) findings.Add($"{path}.timeZone", $"'{Names.Shown(zone)}' is not a time zone, such as Europe/Berlin.");
        CheckHosts(tenant.Hosts, $"{path}.hosts", findings);
        LimitRules.Check(tenant.Limits, $"{path}.limits", findings);
        LimitRules.Check(tenant.Concurrency, $"{path}.concurrency", findings);
        CheckNames(tenant.Plans, p => p.Name, $"{path}.plans", findings);
        CheckNames(tenant.Routes, r => r.Name, $"{path}.routes", findings);
        CheckNames(tenant.Consumers, c => c.Name, $"{path}.consumers", findings);
        CheckNames(tenant.Policies, p => p.Name, $"{path}.policies", findings);
        CheckNames(tenant.Issuers, i => i.Name, $"{path}.issuers", findings);
        for (var i = 0; i < tenant.Plans.Count; i++) LimitRules.Check(tenant.Plans[i], $"{path}.plans[{i}]", findings);
        ServiceRules.Check(tenant.Services, $"{path}.services", findings);
        RouteRules.Check(tenant, path, findings);
        CheckConsumers(tenant, path, findings);
        IssuerRules.Check(tenant, path, findings);
        TlsRules.Check(tenant, path, findings);
        PolicyRules.Check(tenant, path, findings);
    }

    /// <summary>Destinations that are written as an address; a name is judged when it is connected to.</summary>
    /// <param name="tenant">The tenant as it shall be.</param>
    /// <param name="before">The tenant as it is; services that stay as they are, are passed over.</param>
    /// <param name="rule">What is allowed.</param>
    /// <param name="path">Where the tenant stands.</param>
    /// <param name="findings">What is wrong.</param>
    public static void CheckDestinations(Tenant tenant, Tenant? before, DestinationRule rule, string path, Findings findings)
    {
        var known = before is null ? [] : before.Services.ToHashSet();
        for (var i = 0; i < tenant.Services.Count; i++)
        {
            if (known.Contains(tenant.Services[i])) continue;
            for (var j = 0; j < tenant.Services[i].Destinations.Count; j++)
            {
                var text = tenant.Services[i].Destinations[j].Url;
                if (!Uri.TryCreate(text, UriKind.Absolute, out var url)) continue;
                var address = url.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(url.DnsSafeHost, out var literal) ? literal : null;
                if (address is not null && !rule.Allows(address)) findings.Add($"{path}.services[{i}].destinations[{j}].url", $"'{Names.Shown(text)}' is loopback, link-local or a metadata service: the platform's owner has not allowed it (platform.allowedDestinations).");
            }
        }
    }

    private static void CheckHosts(ValueList<string> hosts, string path, Findings findings)
    {
        if (hosts.Count > MostHosts) findings.Add(path, $"At most {MostHosts} hosts.");
        var seen = new HashSet<string>();
        for (var i = 0; i < hosts.Count; i++)
        {
            if (HostPattern.Error(hosts[i]) is { } error) findings.Add($"{path}[{i}]", error);
            else if (!seen.Add(hosts[i])) findings.Add($"{path}[{i}]", $"'{hosts[i]}' stands twice.");
        }
    }

    private static void CheckConsumers(Tenant tenant, string path, Findings findings)
    {
        var plans = tenant.Plans.Select(p => p.Name).ToHashSet();
        for (var i = 0; i < tenant.Consumers.Count; i++)
        {
            var consumer = tenant.Consumers[i];
            if (consumer.Plan is { } plan && !plans.Contains(plan)) findings.Add($"{path}.consumers[{i}].plan", $"There is no plan '{Names.Shown(plan)}'.");
            for (var j = 0; j < consumer.Roles.Count; j++)
            {
                if (Names.NameError(consumer.Roles[j]) is { } error) findings.Add($"{path}.consumers[{i}].roles[{j}]", error);
            }
        }
    }

    internal static void CheckNames<T>(ValueList<T> items, Func<T, string> nameOf, string path, Findings findings, Func<string, string?>? judge = null, string field = "name")
    {
        if (items.Count > MostOfAKind) findings.Add(path, $"At most {MostOfAKind}.");
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < items.Count; i++)
        {
            var name = nameOf(items[i]);
            if ((judge ?? Names.NameError)(name) is { } error) findings.Add($"{path}[{i}].{field}", error);
            else if (!seen.Add(name)) findings.Add($"{path}[{i}].{field}", $"'{name}' stands twice (case does not tell names apart).");
        }
    }

    private static void CheckRanges(ValueList<string> ranges, string path, Findings findings)
    {
        for (var i = 0; i < ranges.Count; i++)
        {
            if (!IPNetwork.TryParse(ranges[i], out _) && !IPAddress.TryParse(ranges[i], out _)) findings.Add($"{path}[{i}]", $"'{Names.Shown(ranges[i])}' is neither an address nor a range such as 10.0.0.0/8.");
        }
    }
}
