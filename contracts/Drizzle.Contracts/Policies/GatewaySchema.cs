namespace Drizzle.Contracts.Policies;

/// <summary>What policies are about: the entities, the actions and the context of a request. Ids are as the tenant knows them, since no policy sees another tenant's.</summary>
public static class GatewaySchema
{
    public const string Text = """
        entity Tenant;
        entity Role in [Tenant];

        // Who calls: with a key, a token, a client certificate, or with nothing on a route that wants nothing.
        entity Anonymous;
        entity Consumer in [Role, Tenant] { plan: String } tags String;    // its attributes are its tags
        entity Key in [Consumer, Role, Tenant] { consumer: Consumer, scopes: Set<String> };
        entity Subject in [Consumer, Role, Tenant] { issuer: String, scopes: Set<String> } tags String;    // "issuer/sub" of a token; its claims are its tags
        entity Certificate in [Consumer, Role, Tenant] { subject: String, names: Set<String> };            // by its first name

        // What is called. A service that is called without a written route is Route::"<service>" in it.
        entity Service in [Tenant];
        entity Route in [Service, Tenant] { tags: Set<String> };

        entity Headers tags String;     // by their names in lower case, credentials left out
        entity Params tags String;      // of the route's path
        type Request = { ip: ipaddr, host: String, path: String, now: datetime, mtls: Bool, headers: Headers, params: Params };

        action read, write;
        action GET, HEAD, OPTIONS in [read] appliesTo { principal: [Key, Subject, Certificate, Anonymous], resource: [Route], context: Request };
        action POST, PUT, PATCH, DELETE, other in [write] appliesTo { principal: [Key, Subject, Certificate, Anonymous], resource: [Route], context: Request };
        """;

    private static readonly Dictionary<string, Cedar.EntityUid> Actions = new(StringComparer.Ordinal);

    static GatewaySchema()
    {
        Schema = Cedar.Schema.Parse(Text);
        foreach (var action in Schema.Actions.Values.Where(a => a.Resources.Count > 0)) Actions[action.Uid.Id] = action.Uid;
    }

    public static Cedar.Schema Schema { get; }

    /// <summary>The action that an HTTP method is; <c>other</c> for those without a name of their own.</summary>
    public static Cedar.EntityUid ActionOf(string method) => Actions.GetValueOrDefault(method) ?? Actions["other"];
}
