using System.Text;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Reading;

namespace Drizzle.Benchmarks.Routes;

/// <summary>Many tenants, each with five services, a hundred routes, a plan and twenty consumers.</summary>
/// <param name="Tenants">How many.</param>
/// <param name="Origin">The URL of every destination.</param>
internal sealed record BigConfiguration(int Tenants, string Origin)
{
    public const int RoutesPerTenant = 100;
    public const int ServicesPerTenant = 5;
    public const int ConsumersPerTenant = 20;

    /// <summary>How many routes each tenant has.</summary>
    public int RoutesEach { get; init; } = RoutesPerTenant;

    public int Routes => Tenants * RoutesEach;

    public static string Slug(int tenant) => $"tenant-{tenant:D3}";

    public static string Host(int tenant) => $"api.tenant-{tenant:D3}.test";

    public static string Consumer(int number) => $"app-{number:D2}";

    /// <summary>A path that the route matches.</summary>
    public static string PathOf(int route) => (route % 4) switch
    {
        0 => $"/v1/things-{route:D2}",
        1 => $"/v1/orders-{route:D2}/4711/lines",
        2 => $"/v2/areas/north/files-{route:D2}/a/b.txt",
        _ => $"/v1/users/me/items-{route:D2}",
    };

    public static ConfigurationFile Parse(string yaml) =>
        ConfigurationReader.Read(yaml, _ => null, out var errors) ?? throw new BenchmarkFailure(string.Join('\n', errors));

    public string ToYaml()
    {
        var yaml = new StringBuilder("platform: { addressLimit: { rate: 1000000/s, burst: 1000000 }, allowedDestinations: [127.0.0.0/8] }\ntenants:\n");
        for (var tenant = 0; tenant < Tenants; tenant++) Append(yaml, tenant);
        return yaml.ToString();
    }

    private static string PatternOf(int route) => (route % 4) switch
    {
        0 => $"/v1/things-{route:D2}",
        1 => $"/v1/orders-{route:D2}/{{id}}/lines",
        2 => $"/v2/areas/*/files-{route:D2}/**",
        _ => $"/v1/users/{{user}}/items-{route:D2}",
    };

    private void Append(StringBuilder yaml, int tenant)
    {
        yaml.Append($"  - slug: {Slug(tenant)}\n    name: Tenant number {tenant}\n    hosts: [{Host(tenant)}]\n");
        yaml.Append("    plans:\n      - { name: standard, limits: [{ name: per-second, rate: 1000000/s, burst: 1000000, by: [consumer] }] }\n    services:\n");
        for (var service = 0; service < ServicesPerTenant; service++) yaml.Append($"      - {{ slug: service-{service}, destinations: [{{ url: \"{Origin}\" }}] }}\n");
        yaml.Append("    routes:\n");
        for (var route = 0; route < RoutesEach; route++)
        {
            var limits = route % 10 == 0 ? $", limits: [{{ name: route-wide, rate: 1000000/s, burst: 1000000 }}]" : "";
            yaml.Append($"      - {{ name: route-{route:D2}, service: service-{route % ServicesPerTenant}, match: {{ paths: [\"{PatternOf(route)}\"], methods: [GET, POST] }}, auth: [key]{limits} }}\n");
        }
        yaml.Append("    consumers:\n");
        for (var consumer = 0; consumer < ConsumersPerTenant; consumer++) yaml.Append($"      - {{ name: {Consumer(consumer)}, plan: standard, roles: [reader] }}\n");
        yaml.Append($"    policies:\n      - {{ name: readers, cedar: 'permit(principal in Role::\"reader\", action, resource in Tenant::\"{Slug(tenant)}\");' }}\n");
    }
}
