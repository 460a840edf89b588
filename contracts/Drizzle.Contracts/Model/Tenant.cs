using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Model;

/// <summary>An owner of APIs: its services, routes, consumers, plans and policies, seen by nobody else.</summary>
public sealed record Tenant
{
    /// <summary>The tenant's name in URLs: <c>/{tenant}/{service}/…</c>. Lower-case letters, digits and hyphens, at most 63.</summary>
    public required string Slug { get; init; }

    /// <summary>The name shown to people.</summary>
    public string? Name { get; init; }

    /// <summary>Hosts that belong to this tenant alone; <c>*.acme.test</c> is every host below acme.test.</summary>
    public ValueList<string> Hosts { get; init; }

    /// <summary>IANA time zone of the tenant's quotas. Default UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Limits on all of the tenant's traffic.</summary>
    public ValueList<Limit> Limits { get; init; }

    /// <summary>Limits on how many requests of the tenant are under way.</summary>
    public ValueList<ConcurrencyLimit> Concurrency { get; init; }

    /// <summary>Named sets of limits and quotas that consumers are on.</summary>
    public ValueList<Plan> Plans { get; init; }

    /// <summary>Upstreams.</summary>
    public ValueList<Service> Services { get; init; }

    /// <summary>Which requests go to which service, and under what conditions.</summary>
    public ValueList<Route> Routes { get; init; }

    /// <summary>Who calls.</summary>
    public ValueList<Consumer> Consumers { get; init; }

    /// <summary>Cedar policies. Nothing passes that none permits.</summary>
    public ValueList<Policy> Policies { get; init; }

    /// <summary>What becomes of a request where a forbidding policy cannot be evaluated. Default skip, as Cedar has it.</summary>
    public ErringForbid? ErringForbid { get; init; }

    /// <summary>Issuers of JSON Web Tokens, accepted on routes that want <c>jwt</c>.</summary>
    public ValueList<Issuer> Issuers { get; init; }

    /// <summary>Whose client certificates are accepted, on routes that want <c>mtls</c>; clients are asked for one on the tenant's hosts.</summary>
    public ClientCertificates? ClientCertificates { get; init; }

    /// <summary>How browsers are kept on https, host by host; the first that names a host counts.</summary>
    public ValueList<HttpsRule> Https { get; init; }
}
