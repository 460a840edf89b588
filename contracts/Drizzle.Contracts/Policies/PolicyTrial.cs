using System.Globalization;
using System.Net;
using Drizzle.Contracts.Certificates;
using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Policies;

/// <summary>Tries the policies of a tenant with the requests of their tests.</summary>
/// <param name="tenant">Its policies are valid.</param>
public sealed class PolicyTrial(Tenant tenant)
{
    private const string Then = "2000-01-01T00:00:00Z";

    private readonly Dictionary<string, Route> _routes = tenant.Routes.ToDictionary(r => r.Name, StringComparer.Ordinal);
    private readonly HashSet<string> _services = tenant.Services.Select(s => s.Slug).ToHashSet(StringComparer.Ordinal);
    private readonly HashSet<string> _consumers = tenant.Consumers.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
    private readonly CertificateOwners _owners = new(tenant);
    private readonly PolicyWorld _world = PolicyWorld.Of(tenant);
    private readonly TenantPolicies _policies = TenantPolicies.Compile(tenant);

    /// <returns>Why the test fails; null where it does not.</returns>
    public string? Failure(PolicyTest test)
    {
        if (test.Request.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var method, var name]) return "A test's request is a method and the name of a route or a service, such as GET orders.";
        if (RouteOf(name) is not { } route) return $"There is no route and no service '{name}'.";
        if (test.Token is { } token && !tenant.Issuers.Any(i => i.Name == token.Issuer)) return $"There is no issuer '{token.Issuer}'.";
        if (test.Consumer is { } consumer && !_consumers.Contains(consumer)) return $"There is no consumer '{consumer}'.";
        if (!IPAddress.TryParse(test.Address ?? "127.0.0.1", out var address)) return $"'{test.Address}' is not an address.";
        if (!DateTimeOffset.TryParse(test.At ?? Then, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var now)) return $"'{test.At}' is not a time, such as {Then}.";
        var isPublic = _routes.GetValueOrDefault(name)?.Auth is [AuthMethod.None];
        if (isPublic && HasCaller(test)) return $"The route '{name}' wants no credential, so nobody is known on it.";
        if (!isPublic && !HasCaller(test)) return test.Expect == PolicyEffect.Deny ? null : $"Expected allow, but '{name}' wants a credential: name a consumer, a token or a certificate.";
        if (Unwanted(test, name) is { } credential) return $"The route '{name}' takes no {credential}: its auth does not name it.";
        var decision = Decide(test, method, route, address, now);
        if (decision.IsAllowed == (test.Expect == PolicyEffect.Allow)) return null;
        var by = decision.Policies.Count > 0 ? $"{(decision.IsAllowed ? "permitted" : "forbidden")} by {string.Join(", ", decision.Policies)}" : "permitted by no policy";
        var erring = decision.Erring.Count > 0 ? $"; not evaluated: {string.Join("; ", decision.Erring.Select(e => $"{e.Policy}, because {e.Error}"))}" : "";
        return $"Expected {(test.Expect == PolicyEffect.Allow ? "allow" : "deny")}, but the request is {by}{erring}.";
    }

    private static bool HasCaller(PolicyTest test) => test.Consumer is not null || test.Token is not null || test.Certificate.Count > 0;

    private PolicyDecision Decide(PolicyTest test, string method, Cedar.PreparedEntity route, IPAddress address, DateTimeOffset now)
    {
        var caller = CallerOf(test);
        var context = new Context(address, test.Host ?? tenant.Hosts.FirstOrDefault() ?? "localhost", test.Path ?? "/", now, test.Certificate.Count > 0);
        var headers = test.Headers.Select(h => KeyValuePair.Create(h.Key.ToLowerInvariant(), h.Value)).Where(h => !CredentialHeaders.Contains(h.Key));
        var entities = _world.With(caller, route, PolicyWorld.Tags(headers), PolicyWorld.Tags(test.Params));
        return _policies.Decide(new(caller?.Entity.Uid ?? PolicyWorld.Anonymous, GatewaySchema.ActionOf(method), route.Entity.Uid, context), entities);
    }

    /// <summary>As an edge has it: a token says more of who calls than a key does, and a key more than a certificate.</summary>
    private Cedar.PreparedEntity? CallerOf(PolicyTest test) => test switch
    {
        { Token: { } token } => _world.Subject(token.Issuer, token.Subject, test.Consumer ?? tenant.Issuers.FirstOrDefault(i => i.Name == token.Issuer)?.Consumer, token.Roles, test.Scopes, PolicyWorld.Tags(token.Claims)),
        { Consumer: { } consumer } => _world.Key("test", consumer, test.Scopes),
        { Certificate.Count: > 0 } => CertificateOf([.. test.Certificate.Select(n => CertificateNames.Normal(n) ?? n)]),
        _ => null,
    };

    private Cedar.PreparedEntity CertificateOf(IReadOnlyList<string> names)
    {
        var subject = names.FirstOrDefault(n => n.StartsWith(CertificateNames.Subject, StringComparison.Ordinal))?[CertificateNames.Subject.Length..] ?? "";
        return _world.Certificate(subject, names, _owners.Find(names));
    }

    /// <summary>What a test comes with that its route does not take.</summary>
    private string? Unwanted(PolicyTest test, string route)
    {
        var auth = _routes.GetValueOrDefault(route)?.Auth ?? [];
        bool Takes(AuthMethod method) => auth.Contains(method) || (method == AuthMethod.Key && auth.Count == 0);
        if (test.Token is not null) return Takes(AuthMethod.Jwt) ? null : "token";
        if (test.Consumer is not null) return Takes(AuthMethod.Key) ? null : "key";
        return test.Certificate.Count == 0 || Takes(AuthMethod.Mtls) ? null : "certificate";
    }

    private Cedar.PreparedEntity? RouteOf(string name)
    {
        if (_routes.TryGetValue(name, out var route)) return _world.Route(name, route.Service, route.Tags);
        var service = name.TrimStart('/');
        return _services.Contains(service) && name == PolicyWorld.ImpliedRoute(service, _routes.ContainsKey(service)) ? _world.Route(name, service, []) : null;
    }

    private sealed class Context(IPAddress address, string host, string path, DateTimeOffset now, bool isMtls) : RequestContext
    {
        protected override IPAddress Address => address;

        protected override string Host => host;

        protected override string Path => path;

        protected override DateTimeOffset Now => now;

        protected override bool IsMtls => isMtls;
    }
}
