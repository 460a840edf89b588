using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Policies;

/// <summary>The entities of one tenant: itself, its roles, services and consumers. What belongs to one request is laid over them.</summary>
public sealed class PolicyWorld
{
    private readonly Cedar.EntityUid _tenant;

    private PolicyWorld(string tenant, Cedar.Entities entities) => (_tenant, Entities) = (new("Tenant", tenant), entities);

    /// <summary>Who calls without a credential.</summary>
    public static Cedar.EntityUid Anonymous { get; } = new("Anonymous", "anonymous");

    /// <summary>The entity whose tags are a request's headers.</summary>
    public static Cedar.EntityUid Headers { get; } = new("Headers", "request");

    /// <summary>The entity whose tags are the parameters of a request's path.</summary>
    public static Cedar.EntityUid Params { get; } = new("Params", "request");

    public Cedar.Entities Entities { get; }

    /// <summary>What the route is called that a service has though none is written: as the service, or with a slash before that where a written route has the name.</summary>
    public static string ImpliedRoute(string service, bool isTaken) => isTaken ? "/" + service : service;

    public static PolicyWorld Of(Tenant tenant)
    {
        var self = new Cedar.EntityUid("Tenant", tenant.Slug);
        var roles = tenant.Consumers.SelectMany(c => c.Roles).Distinct(StringComparer.Ordinal).Select(r => new Cedar.Entity(RoleOf(r), self));
        var services = tenant.Services.Select(s => new Cedar.Entity(new("Service", s.Slug), self));
        var consumers = tenant.Consumers.Select(c => new Cedar.Entity(
            ConsumerOf(c.Name), Record(("plan", Cedar.Value.Of(c.Plan ?? ""))), Tags(c.Attributes), [.. c.Roles.Select(RoleOf), self]));
        return new PolicyWorld(tenant.Slug, Cedar.Entities.Of([new(self), new(Anonymous), .. roles, .. services, .. consumers, .. GatewaySchema.Schema.ActionEntities]));
    }

    /// <summary>A key of a consumer.</summary>
    /// <param name="prefix">Its public part.</param>
    public Cedar.PreparedEntity Key(string prefix, string consumer, IEnumerable<string> scopes)
    {
        var owner = ConsumerOf(consumer);
        return Entities.Prepare(new(new("Key", prefix), Record(("consumer", Cedar.Value.Of(owner)), ("scopes", SetOf(scopes))), Cedar.RecordValue.Empty, [owner]));
    }

    /// <summary>Who bears a token.</summary>
    /// <param name="issuer">The name of the issuer.</param>
    /// <param name="subject">The <c>sub</c> claim: the caller is <c>issuer/subject</c>, since two issuers may have the same.</param>
    /// <param name="consumer">Null where it belongs to none.</param>
    public Cedar.PreparedEntity Subject(string issuer, string subject, string? consumer, IEnumerable<string> roles, IEnumerable<string> scopes, Cedar.RecordValue tags) => Entities.Prepare(
        new(new("Subject", $"{issuer}/{subject}"), Record(("issuer", Cedar.Value.Of(issuer)), ("scopes", SetOf(scopes))), tags, [.. ParentsOf(consumer), .. roles.Select(RoleOf)]));

    /// <summary>Who shows a client certificate.</summary>
    /// <param name="subject">Its distinguished name (RFC 4514).</param>
    /// <param name="names">All that it bears, as a consumer's <c>certificates</c> have them; the first names it.</param>
    /// <param name="consumer">Null where it belongs to none.</param>
    public Cedar.PreparedEntity Certificate(string subject, IReadOnlyList<string> names, string? consumer) =>
        Entities.Prepare(new(new("Certificate", names[0]), Record(("subject", Cedar.Value.Of(subject)), ("names", SetOf(names))), Cedar.RecordValue.Empty, [.. ParentsOf(consumer)]));

    private IEnumerable<Cedar.EntityUid> ParentsOf(string? consumer) => consumer is null ? [_tenant] : [_tenant, ConsumerOf(consumer)];

    /// <summary>A route, or a service that is called without a written one.</summary>
    public Cedar.PreparedEntity Route(string name, string service, IEnumerable<string> tags)
    {
        return Entities.Prepare(new(new("Route", name), Record(("tags", SetOf(tags))), Cedar.RecordValue.Empty, [new("Service", service), _tenant]));
    }

    /// <summary>The tenant's entities under all that a request has.</summary>
    /// <param name="principal">Null for nobody.</param>
    public Cedar.Entities With(Cedar.PreparedEntity? principal, Cedar.PreparedEntity resource, Cedar.RecordValue headers, Cedar.RecordValue parameters)
    {
        var (sent, captured) = (Entities.Prepare(new(Headers, Cedar.RecordValue.Empty, headers, [])), Entities.Prepare(new(Params, Cedar.RecordValue.Empty, parameters, [])));
        return principal is null ? Entities.With(resource, sent, captured) : Entities.With(principal, resource, sent, captured);
    }

    public static Cedar.RecordValue Tags(IEnumerable<KeyValuePair<string, string>> values) => new(values.Select(v => KeyValuePair.Create(v.Key, Cedar.Value.Of(v.Value))));

    private static Cedar.Value SetOf(IEnumerable<string> words) => Cedar.Value.Of(new Cedar.SetValue([.. words.Select(Cedar.Value.Of)]));

    private static Cedar.EntityUid ConsumerOf(string consumer) => new("Consumer", consumer);

    private static Cedar.EntityUid RoleOf(string role) => new("Role", role);

    private static Cedar.RecordValue Record(params ReadOnlySpan<(string Name, Cedar.Value Value)> fields)
    {
        var all = new Dictionary<string, Cedar.Value>(StringComparer.Ordinal);
        foreach (var (name, value) in fields) all[name] = value;
        return new Cedar.RecordValue(all);
    }
}
