using Drizzle.Contracts.Limits.Quotas;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Policies;
using Drizzle.Contracts.Routing;
using Drizzle.Edge.Certificates;
using Drizzle.Edge.Forwarding;
using Drizzle.Edge.Limits;
using Drizzle.Edge.Routing;
using Drizzle.Edge.Secrets;
using Drizzle.Edge.Telemetry;
using Drizzle.Edge.Tokens;
using Drizzle.Edge.Upstreams;
using Microsoft.Extensions.Logging.Abstractions;

namespace Drizzle.Edge.Snapshots;

/// <summary>A document cannot be put in force as it is.</summary>
internal sealed class CompileException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Makes a tenant's document into what requests use. Touches nothing that is in force.</summary>
internal sealed class SnapshotCompiler(ClientPool clients, SecretSource secrets, KeySources keySources, TimeProvider clock)
{
    /// <summary>For looking at routes where nothing is sent: every secret is empty, and no issuer has keys.</summary>
    public static SnapshotCompiler Blind(GatewayState state, TimeProvider clock)
    {
        var clients = new ClientPool(state, allowsLoopback: false);
        return new(clients, SecretSource.Blind, new KeySources(clients, SecretSource.Blind, clock, NullLogger<FetchedKeySource>.Instance), clock);
    }

    /// <param name="revision">The revision that wrote the document.</param>
    /// <param name="document">As stored; judged when it was written.</param>
    /// <param name="before">What is in force, whose unchanged parts live on.</param>
    /// <exception cref="CompileException">The last good snapshot should stay.</exception>
    public TenantSnapshot Compile(long revision, TenantDocument document, TenantSnapshot? before)
    {
        try
        {
            return CompileParts(revision, SharedParts.Of(document, before?.Document), before);
        }
        catch (Exception e) when (e is FormatException or TimeZoneNotFoundException or InvalidTimeZoneException or ArgumentException or InvalidOperationException or OverflowException or IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new CompileException(e.Message, e);
        }
    }

    private TenantSnapshot CompileParts(long revision, TenantDocument document, TenantSnapshot? before)
    {
        var tenant = document.Tenant;
        var upstreams = tenant.Services.ToDictionary(
            s => s.Slug,
            s => Upstream.Compile(s, $"{tenant.Slug}/service:{s.Slug}", before?.Upstreams.GetValueOrDefault(s.Slug), clients, secrets, revision, clock));
        var (tenantLimits, tenantConcurrency) = (CompiledLimit.All(tenant.Limits, tenant.Slug, "tenant", revision), CompiledConcurrency.All(tenant.Concurrency, tenant.Slug, "tenant"));
        var builder = new RouteTableBuilder();
        var byName = new Dictionary<string, CompiledRoute>(tenant.Routes.Count + upstreams.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var route in tenant.Routes)
        {
            var upstream = upstreams.GetValueOrDefault(route.Service) ?? throw new CompileException($"Route '{route.Name}' names the service '{route.Service}', which is not there.");
            var patterns = route.Match.Paths.Select(p => PathPattern.Parse(p, out var error) ?? throw new CompileException($"Route '{route.Name}': {error}")).ToArray();
            var where = $"{tenant.Slug}/route:{route.Name}";
            CompiledLimit[] limits = [.. tenantLimits, .. upstream.Limits, .. CompiledLimit.All(route.Limits, where, "route", revision)];
            CompiledConcurrency[] concurrency = [.. tenantConcurrency, .. upstream.Concurrency, .. CompiledConcurrency.All(route.Concurrency, where, "route")];
            var compiled = new CompiledRoute(route.Name, route, patterns, upstream, limits, concurrency, RequestChanges.Of(route.Transforms, patterns), MetricsOf(tenant.Slug, upstream, route.Name, before));
            byName.Add(route.Name, compiled);
            foreach (var pattern in patterns) builder.Add(compiled, pattern);
        }
        foreach (var upstream in upstreams.Values) AddImplicit(tenant, upstream, tenantLimits, tenantConcurrency, before, builder, byName);
        var consumers = Consumers(tenant, revision);
        return new TenantSnapshot(
            tenant.Slug, revision, document, builder.Build(), consumers, new KeyRing(document.Keys, consumers), TenantTokens.Of(tenant, before?.Tokens, keySources), ClientTrust.Of(tenant, before?.Document.Tenant, before?.Trust),
            tenant.Https.Count == 0 ? HttpsRules.None : new HttpsRules(tenant.Https, tenant.Hosts), TenantAccess.Of(tenant, before), upstreams, byName);
    }

    /// <summary>A service answers at its slug with no route written.</summary>
    private static void AddImplicit(Tenant tenant, Upstream upstream, CompiledLimit[] tenantLimits, CompiledConcurrency[] tenantConcurrency, TenantSnapshot? before, RouteTableBuilder builder, Dictionary<string, CompiledRoute> byName)
    {
        var slug = upstream.Model.Slug;
        // A route may have the service's name. Then the two are counted as one, for their labels are the same; unless it is another service's.
        var namesake = byName.GetValueOrDefault(slug);
        var isShared = namesake?.Metrics.Service == slug;
        var key = namesake is null ? slug : "/" + slug;
        var metrics = isShared && namesake is not null ? namesake.Metrics : MetricsOf(tenant.Slug, upstream, slug, before, key);
        var compiled = new CompiledRoute(slug, null, [], upstream, [.. tenantLimits, .. upstream.Limits], [.. tenantConcurrency, .. upstream.Concurrency], RequestChanges.None, metrics) { PolicyName = PolicyWorld.ImpliedRoute(slug, namesake is not null) };
        if (!isShared) byName.Add(key, compiled);
        builder.Add(compiled, ImpliedPath(slug));
    }

    /// <summary>Where a service answers with no route written.</summary>
    public static PathPattern ImpliedPath(string slug) => new($"/{slug}/**", [new(SegmentKind.Literal, slug), new(SegmentKind.Rest, null)]);

    private static RouteMetrics MetricsOf(string tenant, Upstream upstream, string route, TenantSnapshot? before, string? key = null) =>
        before?.RoutesByName.GetValueOrDefault(key ?? route)?.Metrics is { } known && known.Service == upstream.Model.Slug ? known : new(tenant, upstream.Model.Slug, route);

    private static Dictionary<string, CompiledConsumer> Consumers(Tenant tenant, long revision)
    {
        var calendar = QuotaCalendar.Of(tenant.TimeZone);
        var plans = tenant.Plans.ToDictionary(p => p.Name, p => CompiledPlan.Of(p, tenant.Slug, calendar, revision));
        return tenant.Consumers.ToDictionary(c => c.Name, c => new CompiledConsumer(c.Name, c.Plan is { } plan ? plans.GetValueOrDefault(plan, CompiledPlan.None) : CompiledPlan.None));
    }
}
