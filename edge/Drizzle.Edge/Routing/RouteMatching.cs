using Drizzle.Edge.Access;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Routing;

/// <summary>Finds the tenant and the route of a request.</summary>
internal static class RouteMatching
{
    /// <summary>Sets the exchange's tenant, route and prefix.</summary>
    public static Refusal? Match(Exchange exchange, GatewayState state)
    {
        if (!state.IsReady) return Refusal.NotReady;
        if (exchange.StartedAt > state.StaleAt) return Refusal.Stale;
        if (state.Index.Find(exchange.Host, exchange.Path, out var prefixLength, out var isOwnHost) is not { } tenant) return Refusal.NoRoute;
        exchange.Tenant = tenant;
        // On a host of nobody's the prefix is how the tenant was named; on its own host it may be a path like any other.
        exchange.Route = isOwnHost
            ? Find(exchange, tenant, 0) ?? FindUnderPrefix(exchange, tenant, prefixLength)
            : FindUnderPrefix(exchange, tenant, prefixLength) ?? Find(exchange, tenant, 0);
        if (exchange.Route is not { } route) return Refusal.NoRoute;
        return exchange.IsPathAmbiguous && !route.AllowsEncodedSlashes ? Refusal.AmbiguousPath : null;
    }

    private static CompiledRoute? FindUnderPrefix(Exchange exchange, TenantSnapshot tenant, int prefixLength) =>
        prefixLength == 0 ? null : Find(exchange, tenant, prefixLength);

    private static CompiledRoute? Find(Exchange exchange, TenantSnapshot tenant, int prefixLength)
    {
        exchange.PrefixLength = prefixLength;
        var request = exchange.Http.Request;
        if (CorsRules.IsPreflight(request) && request.Headers.AccessControlRequestMethod is [{ } method]
            && tenant.Routes.Find(exchange.MatchPath, new(exchange.Host, exchange.IsUnderPrefix, method, request)) is { Cors: not null } asked) return asked;
        return tenant.Routes.Find(exchange.MatchPath, new(exchange.Host, exchange.IsUnderPrefix, request.Method, request));
    }
}
