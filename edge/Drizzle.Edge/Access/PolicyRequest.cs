using System.Net;
using Drizzle.Contracts.Policies;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Routing;
using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Access;

/// <summary>A request as policies see it.</summary>
internal readonly struct PolicyRequest
{
    private PolicyRequest(Cedar.Request request, Cedar.Entities entities) => (Request, Entities) = (request, entities);

    public Cedar.Request Request { get; }

    public Cedar.Entities Entities { get; }

    public static PolicyRequest Of(Exchange exchange, TenantSnapshot tenant, CompiledRoute route, DateTimeOffset now)
    {
        var access = tenant.Access;
        var resource = route.EntityIn(access.World);
        var principal = exchange.Caller?.EntitiesIn(access).EntityIn(access.World);
        var request = new Cedar.Request(
            principal?.Entity.Uid ?? PolicyWorld.Anonymous, GatewaySchema.ActionOf(exchange.Http.Request.Method), resource.Entity.Uid,
            access.Policies.ReadsContext ? new Context(exchange, now) : Cedar.RecordValue.Empty);
        return new PolicyRequest(request, Laid(exchange, access, route, principal, resource));
    }

    /// <summary>The tenant's entities under those of this request.</summary>
    private static Cedar.Entities Laid(Exchange exchange, TenantAccess access, CompiledRoute route, Cedar.PreparedEntity? principal, Cedar.PreparedEntity resource)
    {
        if (!access.Policies.ReadsHeaders && !access.Policies.ReadsParams) return exchange.Caller?.EntitiesIn(access).For(route, access.World) ?? access.World.Entities.With(resource);
        return access.World.With(
            principal, resource, new HeaderTags(exchange.Http.Request.Headers, route.Upstream.KeyHeader),
            access.Policies.ReadsParams ? PolicyWorld.Tags(PathCaptures.Of(route.Patterns, exchange.MatchPath.ToString())) : Cedar.RecordValue.Empty);
    }

    private sealed class Context(Exchange exchange, DateTimeOffset now) : RequestContext
    {
        protected override IPAddress Address => exchange.Client.Address;

        protected override string Host => exchange.Host;

        protected override string Path => exchange.MatchPath.ToString();

        protected override DateTimeOffset Now => now;

        protected override bool IsMtls => exchange.Certificate is not null;
    }
}
