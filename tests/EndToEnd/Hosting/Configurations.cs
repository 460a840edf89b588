namespace Drizzle.EndToEnd.Hosting;

/// <summary>Configurations that several tests begin with.</summary>
internal static class Configurations
{
    /// <summary>An address limit so high that no test meets it, and upstreams on this machine.</summary>
    public const string Platform = "platform: { addressLimit: { rate: 1000000/s, burst: 1000000 }, allowedDestinations: [127.0.0.0/8] }";

    /// <summary>Tenant acme: service orders, a public route under /open, and consumer mobile.</summary>
    public static string Acme(string upstream) => $$"""
        {{Platform}}
        tenants:
          - slug: acme
            hosts: [api.acme.test]
            plans: [{ name: starter, limits: [{ name: much, rate: 100000/s, burst: 100000 }] }]
            services: [{ slug: orders, destinations: [{ url: "{{upstream}}" }] }]
            consumers: [{ name: mobile, plan: starter, roles: [reader] }]
            routes: [{ name: public, service: orders, auth: none, match: { paths: ["/open/**"] } }]
            policies: [{ name: all, cedar: 'permit(principal, action, resource in Tenant::"acme");' }]
        """;
}
