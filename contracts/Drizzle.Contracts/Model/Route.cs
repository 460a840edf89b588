using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Model;

/// <summary>Which requests go to a service, and under what conditions.</summary>
public sealed record Route
{
    /// <summary>Unique in the tenant, whatever the case.</summary>
    public required string Name { get; init; }

    /// <summary>The slug of the service that answers.</summary>
    public required string Service { get; init; }

    /// <summary>Which requests these are; all stated conditions must hold.</summary>
    public required RouteMatch Match { get; init; }

    /// <summary>Higher goes first, before specificity. Default 0.</summary>
    public int Priority { get; init; }

    /// <summary>Credentials of which one is wanted. Default key; <c>none</c> alone wants none.</summary>
    public ValueList<AuthMethod> Auth { get; init; }

    /// <summary>Words by which policies tell routes apart.</summary>
    public ValueList<string> Tags { get; init; }

    /// <summary>Limits on this route's requests.</summary>
    public ValueList<Limit> Limits { get; init; }

    /// <summary>Limits on how many requests on this route are under way.</summary>
    public ValueList<ConcurrencyLimit> Concurrency { get; init; }

    /// <summary>Tokens that one request of this route takes from every limit. Default 1.</summary>
    public int? Cost { get; init; }

    /// <summary>Changes to request and response.</summary>
    public Transforms? Transforms { get; init; }

    /// <summary>Cross-origin requests from browsers. None when absent.</summary>
    public Cors? Cors { get; init; }

    /// <summary>Lets <c>%2F</c>, <c>%5C</c> and <c>..;</c> in a path pass as they are. Otherwise they are refused with 400.</summary>
    public bool AllowEncodedSlashes { get; init; }

    /// <summary>Sends the client's API key on to the upstream.</summary>
    public bool ForwardKey { get; init; }

    /// <summary>Sends the client's JSON Web Token on to the upstream.</summary>
    public bool ForwardToken { get; init; }

    /// <summary>The largest request body on this route, instead of the service's.</summary>
    public ByteSize? MaxBody { get; init; }
}

/// <summary>Conditions that must all hold.</summary>
public sealed record RouteMatch
{
    /// <summary>Hosts of the tenant, any of them. When absent: every host of the tenant, and <c>/{tenant}/…</c> on any other.</summary>
    public ValueList<string> Hosts { get; init; }

    /// <summary>Path patterns, any of them: <c>*</c> or <c>{name}</c> is one segment, <c>**</c> at the end any number.</summary>
    public ValueList<string> Paths { get; init; }

    /// <summary>Methods in upper case, any of them. All when absent.</summary>
    public ValueList<string> Methods { get; init; }

    /// <summary>Headers that must be there.</summary>
    public ValueList<ValueMatch> Headers { get; init; }

    /// <summary>Query parameters that must be there.</summary>
    public ValueList<ValueMatch> Query { get; init; }
}

/// <summary>A header, query parameter or claim that must be there.</summary>
public sealed record ValueMatch
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The exact value. Any when absent.</summary>
    public string? Value { get; init; }
}

public enum AuthMethod
{
    /// <summary>An API key of the tenant.</summary>
    Key,

    /// <summary>A JSON Web Token of one of the tenant's issuers.</summary>
    Jwt,

    /// <summary>A client certificate of one of the tenant's authorities.</summary>
    Mtls,

    /// <summary>No credential.</summary>
    None,
}

/// <summary>Cross-origin requests from browsers.</summary>
public sealed record Cors
{
    /// <summary>Allowed origins, or <c>*</c> for any.</summary>
    public ValueList<string> Origins { get; init; }

    /// <summary>Allowed methods. Default the route's own, or GET, HEAD and POST.</summary>
    public ValueList<string> Methods { get; init; }

    /// <summary>Allowed request headers. Default those asked for.</summary>
    public ValueList<string> Headers { get; init; }

    /// <summary>Response headers that scripts may read.</summary>
    public ValueList<string> ExposedHeaders { get; init; }

    /// <summary>Allows cookies and authorization; not together with the origin <c>*</c>.</summary>
    public bool Credentials { get; init; }

    /// <summary>How long a browser may remember the answer. Default 10m.</summary>
    public Duration? MaxAge { get; init; }
}
