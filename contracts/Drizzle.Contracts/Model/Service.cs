using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Model;

/// <summary>An upstream: where it is, and how it is talked to.</summary>
public sealed record Service
{
    /// <summary>The service's name in URLs: <c>/{tenant}/{service}/…</c>.</summary>
    public required string Slug { get; init; }

    /// <summary>Where requests may go; at least one, at most 256.</summary>
    public ValueList<Destination> Destinations { get; init; }

    /// <summary>How a destination is chosen. Default roundRobin.</summary>
    public LoadBalancing? LoadBalancing { get; init; }

    /// <summary>What consistentHash hashes: <c>address</c> (default), <c>header:NAME</c> or <c>cookie:NAME</c>.</summary>
    public string? HashOn { get; init; }

    /// <summary>Keeps a client on one destination by a cookie.</summary>
    public Affinity? Affinity { get; init; }

    /// <summary>How destinations are found unhealthy.</summary>
    public Health? Health { get; init; }

    /// <summary>Refuses at once while the service fails. Off when absent.</summary>
    public CircuitBreaker? CircuitBreaker { get; init; }

    /// <summary>Second tries of idempotent requests without a body.</summary>
    public Retries? Retries { get; init; }

    /// <summary>How long things may take.</summary>
    public Timeouts? Timeouts { get; init; }

    /// <summary>How https destinations are verified.</summary>
    public UpstreamTls? Tls { get; init; }

    /// <summary>The HTTP version spoken upstream. Default auto: HTTP/2 for gRPC and where TLS negotiates it, else HTTP/1.1.</summary>
    public UpstreamProtocol? Protocol { get; init; }

    /// <summary>Which Host the upstream sees. Default destination.</summary>
    public HostHeader? HostHeader { get; init; }

    /// <summary>The header that carries the API key. Default X-API-Key.</summary>
    public string? KeyHeader { get; init; }

    /// <summary>What this gateway shows the upstream, in headers that no client can set; at most 8.</summary>
    public ValueList<UpstreamCredential> Credentials { get; init; }

    /// <summary>The largest request body. Default 10MiB; 0B means no limit.</summary>
    public ByteSize? MaxBody { get; init; }

    /// <summary>Limits on all requests to this service.</summary>
    public ValueList<Limit> Limits { get; init; }

    /// <summary>Limits on how many requests to this service are under way.</summary>
    public ValueList<ConcurrencyLimit> Concurrency { get; init; }
}

/// <summary>One place where requests may go.</summary>
public sealed record Destination
{
    /// <summary>Absolute http or https URL without query; a path is put before the request's.</summary>
    public required string Url { get; init; }

    /// <summary>Share of the traffic relative to the others, 1 to 100. Default 1.</summary>
    public int? Weight { get; init; }
}

public enum LoadBalancing
{
    /// <summary>Each in turn, whatever its weight.</summary>
    RoundRobin,

    /// <summary>Each in turn, as often as its weight says.</summary>
    Weighted,

    /// <summary>The one with the fewest requests in flight for its weight.</summary>
    LeastRequests,

    /// <summary>The less busy of two chosen at random.</summary>
    PowerOfTwo,

    /// <summary>Any, by weight.</summary>
    Random,

    /// <summary>The same client to the same destination, by a hash.</summary>
    ConsistentHash,
}

public enum UpstreamProtocol
{
    Auto,
    Http1,
    Http2,
}

public enum HostHeader
{
    /// <summary>The destination's own host.</summary>
    Destination,

    /// <summary>The host the client asked for.</summary>
    Original,
}

/// <summary>Keeps a client on one destination.</summary>
public sealed record Affinity
{
    /// <summary>The cookie's name. Default drizzle_affinity.</summary>
    public string? Cookie { get; init; }
}

/// <summary>How https destinations are verified.</summary>
public sealed record UpstreamTls
{
    /// <summary>The name in SNI and certificate, where it is not the URL's host.</summary>
    public string? ServerName { get; init; }

    /// <summary>A PEM file of certificate authorities to trust instead of the machine's, read by each edge. Given by the platform's owner alone.</summary>
    public string? CaFile { get; init; }

    /// <summary>Accept any certificate. Never in production.</summary>
    public bool SkipVerify { get; init; }
}

/// <summary>A header by which the upstream knows this gateway.</summary>
public sealed record UpstreamCredential
{
    /// <summary>The header, such as Authorization.</summary>
    public required string Header { get; init; }

    /// <summary>Stands before the secret, such as <c>"Bearer "</c>.</summary>
    public string? Prefix { get; init; }

    /// <summary>The secret.</summary>
    public required Secret Secret { get; init; }
}
