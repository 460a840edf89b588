using System.Text.Json.Serialization;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Model;

/// <summary>Cedar policies of the tenant, under one name. Nothing passes that none permits.</summary>
public sealed record Policy
{
    /// <summary>Unique in the tenant. Answers, logs and metrics name it.</summary>
    public required string Name { get; init; }

    /// <summary>One Cedar policy, or several, or templates.</summary>
    public required string Cedar { get; init; }

    /// <summary>Shadow policies are evaluated, counted and logged, and decide nothing. Default enforce.</summary>
    public PolicyMode? Mode { get; init; }

    /// <summary>What templates are linked to; without links they do nothing.</summary>
    public ValueList<PolicyLink> Links { get; init; }

    /// <summary>Requests and what must become of them by all of the tenant's policies; a configuration whose tests fail is refused.</summary>
    public ValueList<PolicyTest> Tests { get; init; }
}

public enum PolicyMode
{
    Enforce,
    Shadow,
}

/// <summary>The entities that fill the slots of a template, such as <c>Consumer::"mobile"</c>.</summary>
public sealed record PolicyLink
{
    /// <summary>For <c>?principal</c>.</summary>
    public string? Principal { get; init; }

    /// <summary>For <c>?resource</c>.</summary>
    public string? Resource { get; init; }
}

/// <summary>A request that the policies are tried with.</summary>
public sealed record PolicyTest
{
    /// <summary>A method and the name of a route, or of a service that is called without a written route: <c>GET read-orders</c>.</summary>
    public required string Request { get; init; }

    /// <summary>The consumer whose key it bears, or of whom its token is. Nobody's when absent.</summary>
    public string? Consumer { get; init; }

    /// <summary>Scopes of its key or token.</summary>
    public ValueList<string> Scopes { get; init; }

    /// <summary>The token that it bears instead of a key.</summary>
    public PolicyTestToken? Token { get; init; }

    /// <summary>The client certificate that it comes with: its names, as a consumer's <c>certificates</c> have them. With no key and no token it is the caller.</summary>
    public ValueList<string> Certificate { get; init; }

    /// <summary>The client's address. Default 127.0.0.1.</summary>
    public string? Address { get; init; }

    /// <summary>Default the tenant's first host, or localhost.</summary>
    public string? Host { get; init; }

    /// <summary>As routes match it. Default /.</summary>
    public string? Path { get; init; }

    /// <summary>Headers, by names in lower case.</summary>
    public ValueMap Headers { get; init; }

    /// <summary>Parameters of the path.</summary>
    public ValueMap Params { get; init; }

    /// <summary>When it comes, such as 2030-12-31T23:00:00Z. Default 2000-01-01T00:00:00Z.</summary>
    public string? At { get; init; }

    /// <summary>What the policies must decide.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required PolicyEffect Expect { get; init; }
}

/// <summary>A token as policies see it.</summary>
public sealed record PolicyTestToken
{
    /// <summary>The name of the issuer.</summary>
    public required string Issuer { get; init; }

    /// <summary>The <c>sub</c> claim.</summary>
    public required string Subject { get; init; }

    /// <summary>The caller's roles.</summary>
    public ValueList<string> Roles { get; init; }

    /// <summary>The caller's tags: claims that are one value, and the issuer's <c>attributes</c>.</summary>
    public ValueMap Claims { get; init; }
}

public enum PolicyEffect
{
    Allow,
    Deny,
}

/// <summary>What becomes of a request where a forbidding policy cannot be evaluated.</summary>
public enum ErringForbid
{
    /// <summary>The policy is skipped, as Cedar has it.</summary>
    Skip,

    /// <summary>The request is denied.</summary>
    Deny,
}
