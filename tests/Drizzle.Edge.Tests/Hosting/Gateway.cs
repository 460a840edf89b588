namespace Drizzle.Edge.Tests.Hosting;

/// <summary>Configurations for tests.</summary>
internal static class Gateway
{
    public const string NoAddressLimit = "platform: { addressLimit: { rate: 1000000/s, burst: 1000000 } }\n";

    /// <summary>One tenant, acme, on the host 127.0.0.1, whose service orders answers every path without a credential.</summary>
    /// <param name="service">More of the service, as <c>, name: value</c>.</param>
    /// <param name="route">More of the route.</param>
    /// <param name="more">More of the tenant, as whole lines that are indented by four.</param>
    public static string Open(string url, string service = "", string route = "", string more = "") => Open([url], service, route, more);

    public static string Open(string[] urls, string service = "", string route = "", string more = "") => $$"""
        platform: { addressLimit: { rate: 1000000/s, burst: 1000000 } }
        tenants:
          - slug: acme
            policies: [{ name: all, cedar: 'permit(principal, action, resource);' }]
            hosts: [127.0.0.1, api.acme.test, "*.wild.test"]
            services: [{ slug: orders, destinations: [{{string.Join(", ", urls.Select(u => $"{{ url: \"{u}\" }}"))}}]{{service}} }]
            consumers: [{ name: mobile }, { name: web }]
            routes:
              - { name: all, service: orders, auth: none, match: { paths: [/**] }{{route}} }
        {{more}}
        """;
}
