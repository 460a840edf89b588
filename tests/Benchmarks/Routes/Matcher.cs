using Drizzle.Contracts.Model;
using Drizzle.Contracts.Routing;
using Drizzle.Edge.Routing;
using Drizzle.Edge.Secrets;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Upstreams;

namespace Drizzle.Benchmarks.Routes;

/// <summary>The edge's own index and route tables over a configuration, built and asked directly.</summary>
internal sealed class Matcher
{
    private readonly TenantIndex _index;

    private Matcher(Dictionary<string, TenantSlot> slots, long snapshotBytes, long tableBytes)
    {
        _index = new TenantIndex(slots);
        SnapshotBytes = snapshotBytes;
        TableBytes = tableBytes;
    }

    /// <summary>Everything compiled: tables, routes, services, limits, counters. The model is not in it.</summary>
    public long SnapshotBytes { get; }

    /// <summary>The route tables alone.</summary>
    public long TableBytes { get; }

    public static Matcher Build(ConfigurationFile file, TimeProvider clock)
    {
        var compiler = SnapshotCompiler.Blind(new GatewayState(), clock);
        var before = ManagedMemory.Bytes();
        var slots = file.Tenants.ToDictionary(t => t.Slug, t => new TenantSlot(compiler.Compile(1, new TenantDocument { Tenant = t }, null)));
        var compiled = ManagedMemory.Bytes();
        var tables = slots.Values.Select(slot => TableOf(slot.Current)).ToArray();
        var tabled = ManagedMemory.Bytes();
        GC.KeepAlive(tables);
        return new Matcher(slots, compiled - before, tabled - compiled);
    }

    /// <summary>As the pipeline asks: the whole path first, then what follows the tenant's prefix.</summary>
    public bool Finds(string host, string path)
    {
        if (_index.Find(host, path, out var prefixLength, out _) is not { } tenant) return false;
        if (tenant.Routes.Find(path, new MatchRequest(host, IsUnderPrefix: false, "GET", null)) is not null) return true;
        return prefixLength > 0 && tenant.Routes.Find(path.AsSpan(prefixLength), new MatchRequest(host, IsUnderPrefix: true, "GET", null)) is not null;
    }

    private static RouteTable TableOf(TenantSnapshot tenant)
    {
        var builder = new RouteTableBuilder();
        foreach (var route in tenant.RoutesByName.Values)
        {
            foreach (var text in route.Match?.Paths.AsEnumerable() ?? [$"/{route.Name}/**"])
            {
                builder.Add(route, PathPattern.Parse(text, out var error) ?? throw new BenchmarkFailure(error ?? text));
            }
        }
        return builder.Build();
    }
}
