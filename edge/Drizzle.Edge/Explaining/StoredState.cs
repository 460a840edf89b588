using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Routing;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Explaining;

/// <summary>What an edge that has just started would have in force, of the tenants that a request may concern.</summary>
internal static class StoredState
{
    /// <summary>No tenant can have a longer one.</summary>
    private const int LongestHost = 253;

    /// <exception cref="CompileException">A document cannot be put in force.</exception>
    public static async Task<GatewayState> ReadAsync(IEngine engine, string tenant, string host, TimeProvider clock, CancellationToken cancellation)
    {
        var platform = await engine.Store.ReadPlatformAsync(cancellation);
        var state = new GatewayState { Platform = new PlatformSnapshot(platform.Platform, platform.Revision), IsReady = true };
        var compiler = SnapshotCompiler.Blind(state, clock);
        var owner = host.Length == 0 ? null : await engine.Store.FindOwnerAsync([.. HostPattern.Covering(host)], cancellation);
        var slots = new Dictionary<string, TenantSlot>();
        foreach (var slug in new[] { tenant, owner }.OfType<string>().Distinct())
        {
            if (await engine.Store.ReadTenantAsync(slug, cancellation) is not { } stored) continue;
            // Of the other only that it has the host is to be known.
            var document = slug == tenant ? stored.Document : new TenantDocument { Tenant = new() { Slug = slug, Hosts = stored.Document.Tenant.Hosts } };
            slots[slug] = new TenantSlot(compiler.Compile(stored.Revision, WithoutFiles(document), before: null));
        }
        state.Index = new TenantIndex(slots);
        return state;
    }

    /// <summary>Files of certificate authorities are on the edges, and nothing is sent from here.</summary>
    private static TenantDocument WithoutFiles(TenantDocument document) =>
        document with { Tenant = document.Tenant with { Services = [.. document.Tenant.Services.Select(s => s.Tls is null ? s : s with { Tls = null })] } };

    /// <returns>Empty where the request names none.</returns>
    public static string HostOf(Exchange exchange) => exchange.Http.Request.Headers.Host is [{ Length: > 0 } authority] ? RequestHead.ReadHost(authority) is { Length: <= LongestHost } host ? host : "" : "";
}
