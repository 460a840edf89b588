using Drizzle.Contracts.Policies;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Routing;
using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Access;

/// <summary>A request as policies see it.</summary>
internal readonly struct PolicyRequest
{
    private static readonly Cedar.EntityUid Headers = new("Headers", "request");
    private static readonly Cedar.EntityUid Params = new("Params", "request");
    private static readonly Cedar.Value HeadersValue = Cedar.Value.Of(Headers);
    private static readonly Cedar.Value ParamsValue = Cedar.Value.Of(Params);

    private PolicyRequest(Cedar.Request request, Cedar.Entities entities) => (Request, Entities) = (request, entities);

    public Cedar.Request Request { get; }

    public Cedar.Entities Entities { get; }

    public static PolicyRequest Of(Exchange exchange, TenantSnapshot tenant, CompiledRoute route, DateTimeOffset now)
    {
        var access = tenant.Access;
        var resource = route.EntityIn(access.World);
        var principal = exchange.Key?.EntityIn(access.World);
        var request = new Cedar.Request(
            principal?.Entity.Uid ?? PolicyWorld.Anonymous, GatewaySchema.ActionOf(exchange.Http.Request.Method), resource.Entity.Uid,
            access.Policies.ReadsContext ? new Context(exchange, now) : Cedar.RecordValue.Empty);
        return new PolicyRequest(request, Laid(exchange, access, route, principal, resource));
    }

    /// <summary>The tenant's entities under those of this request.</summary>
    private static Cedar.Entities Laid(Exchange exchange, TenantAccess access, CompiledRoute route, Cedar.PreparedEntity? principal, Cedar.PreparedEntity resource)
    {
        var world = access.World.Entities;
        if (!access.Policies.ReadsHeaders && !access.Policies.ReadsParams) return exchange.Key?.EntitiesFor(route, access.World) ?? world.With(resource);
        var headers = world.Prepare(new(Headers, Cedar.RecordValue.Empty, new HeaderTags(exchange.Http.Request.Headers, route.Upstream.KeyHeader), []));
        var parameters = world.Prepare(new(Params, Cedar.RecordValue.Empty, access.Policies.ReadsParams ? PolicyWorld.Tags(PathCaptures.Of(route.Patterns, exchange.MatchPath.ToString())) : Cedar.RecordValue.Empty, []));
        return principal is null ? world.With(resource, headers, parameters) : world.With(principal, resource, headers, parameters);
    }

    /// <summary>What is known of the request, worked out where a policy asks for it.</summary>
    private sealed class Context(Exchange exchange, DateTimeOffset now) : Cedar.RecordValue
    {
        private static readonly string[] Names = ["ip", "host", "path", "now", "headers", "params"];

        public override int Count => Names.Length;

        public override bool Has(string name) => Array.IndexOf(Names, name) >= 0;

        public override bool TryGet(string name, out Cedar.Value value)
        {
            value = name switch
            {
                "ip" => Cedar.Value.Of(Cedar.IpRange.Of(exchange.Client.Address)),
                "host" => Cedar.Value.Of(exchange.Host),
                "path" => Cedar.Value.Of(exchange.MatchPath.ToString()),
                "now" => Cedar.Value.OfDatetime(now.ToUnixTimeMilliseconds()),
                "headers" => HeadersValue,
                "params" => ParamsValue,
                _ => default,
            };
            return Has(name);
        }

        public override IEnumerator<KeyValuePair<string, Cedar.Value>> GetEnumerator()
        {
            foreach (var name in Names)
            {
                if (TryGet(name, out var value)) yield return new(name, value);
            }
        }
    }
}
