using Drizzle.Benchmarks.Machine;
using Drizzle.Engine.Sql;

namespace Drizzle.Benchmarks.Targets;

/// <summary><c>drizzle up</c> with everything that a user has switched on: key, address limit, consumer limit, ten policies, metrics, access log.</summary>
internal static class FullDrizzle
{
    private const string Tenant = "bench";

    /// <summary>Writes the configuration and a key into a new data folder.</summary>
    /// <returns>The request that passes.</returns>
    public static async Task<LoadRequest> PrepareAsync(string data, int origin, Session session)
    {
        var yaml = $$"""
            platform: { addressLimit: { rate: 1000000/s, burst: 1000000 }, allowedDestinations: [127.0.0.0/8] }
            tenants:
              - slug: {{Tenant}}
                plans: [{ name: big, limits: [{ name: per-second, rate: 1000000/s, burst: 1000000, by: [consumer] }] }]
                services: [{ slug: orders, destinations: [{ url: "http://127.0.0.1:{{origin}}" }] }]
                consumers: [{ name: load, plan: big, roles: [reader] }]
                policies:
                  - name: readers
                    cedar: permit(principal in Role::"reader", action in Action::"read", resource in Service::"orders") when { context.ip.isLoopback() };
                  - name: others
                    cedar: |
                      permit(principal in Role::"auditor", action, resource);
                      permit(principal, action, resource in Service::"orders") when { context.path like "/audit/*" };
                      permit(principal in Tenant::"{{Tenant}}", action in Action::"read", resource) when { resource.tags.contains("public") };
                      permit(principal is Key, action, resource) when { principal.consumer.plan == "gold" };
                      forbid(principal in Role::"reader", action in Action::"write", resource);
                      forbid(principal, action, resource) when { context.path like "*/internal/*" };
                      forbid(principal, action, resource) unless { context.ip.isIpv4() };
                      forbid(principal is Key, action, resource in Service::"orders") when { principal.consumer.plan == "suspended" };
                      forbid(principal, action, resource in Tenant::"{{Tenant}}") when { context.host == "old.acme.test" };
            """;
        await using var engine = await SqliteEngine.OpenAsync(data, session.Clock, session.Stop);
        return (await StoredTenants.StoreAsync(engine.Store, yaml, ["load"], session))[0];
    }

    /// <param name="core">The core it is pinned to; null for as many as there are.</param>
    public static Target Start(string data, string? core)
    {
        var ports = Ports.Free(3);
        var environment = DotNetSettings.Drizzle(isOneCore: core is not null);
        environment["Drizzle__Edge__Http"] = $"http://127.0.0.1:{ports[0]}";
        environment["Drizzle__Edge__Operations"] = $"http://127.0.0.1:{ports[1]}";
        environment["Drizzle__Edge__AccessLog"] = Path.Combine(data, "access.log");
        environment["Drizzle__Admin__Url"] = $"http://127.0.0.1:{ports[2]}";
        string[] arguments = ["up", "--data", data];
        var command = core is null ? (Installation.Drizzle(), arguments) : Cores.On(core, Installation.Drizzle(), arguments);
        return new Target("drizzle", ports[0], ChildProcess.Start(command, environment));
    }
}
