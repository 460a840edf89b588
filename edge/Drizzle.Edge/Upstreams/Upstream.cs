using System.Net;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Secrets;
using Drizzle.Edge.Limits;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Secrets;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Drizzle.Edge.Upstreams;

/// <summary>A header that only this gateway sets.</summary>
/// <param name="Value">All that the header holds.</param>
internal sealed record CompiledCredential(string Header, SecretValue Value);

/// <summary>A service at run time. Kept as it is across revisions that leave the service as it is; its destinations even across others.</summary>
internal sealed class Upstream
{
    private Upstream(Service model, CompiledLimit[] limits, CompiledConcurrency[] concurrency, UpstreamDestination[] destinations, CompiledCredential[] credentials, HttpMessageInvoker client, TimeProvider clock)
    {
        Model = model;
        Limits = limits;
        Concurrency = concurrency;
        Destinations = destinations;
        Credentials = credentials;
        Client = client;
        Balancer = Balancer.Of(model, destinations);
        Circuit = model.CircuitBreaker is { } breaker ? new Circuit(breaker, clock) : null;
        KeyHeader = model.KeyHeader ?? Defaults.KeyHeader;
        Attempts = model.Retries?.Attempts ?? Defaults.RetryAttempts;
        var idle = model.Timeouts?.Idle ?? Defaults.Idle;
        var stream = model.Timeouts?.Stream ?? Defaults.Stream;
        StreamTimeout = stream;
        Ordinary = Config(model.Protocol, idle);
        Streaming = Config(model.Protocol, stream);
        Grpc = Config(model.Protocol is UpstreamProtocol.Http1 ? UpstreamProtocol.Http1 : UpstreamProtocol.Http2, stream);
    }

    public Service Model { get; }

    public CompiledLimit[] Limits { get; }

    public CompiledConcurrency[] Concurrency { get; }

    public UpstreamDestination[] Destinations { get; }

    public CompiledCredential[] Credentials { get; }

    public HttpMessageInvoker Client { get; }

    public Balancer Balancer { get; }

    public Circuit? Circuit { get; }

    public RetryBudget Budget { get; } = new();

    public string KeyHeader { get; }

    /// <summary>Tries after the first.</summary>
    public int Attempts { get; }

    public TimeSpan StreamTimeout { get; }

    public ForwarderRequestConfig Ordinary { get; }

    /// <summary>For upgrades and event streams.</summary>
    public ForwarderRequestConfig Streaming { get; }

    public ForwarderRequestConfig Grpc { get; }

    /// <summary>YARP's view of the service, while it is probed.</summary>
    public ClusterState? Cluster { get; init; }

    public static Upstream Compile(Service service, string where, Upstream? before, ClientPool clients, SecretSource secrets, long revision, TimeProvider clock)
    {
        if (before is not null && before.Model == service) return before;
        var isSameHealth = before is not null && before.Model.Health == service.Health;
        var destinations = service.Destinations
            .Select(d => (isSameHealth ? Array.Find(before?.Destinations ?? [], b => b.Model == d) : null) ?? new UpstreamDestination(d, service.Health?.Passive, clock))
            .ToArray();
        var client = clients.For(service.Timeouts?.Connect ?? Defaults.Connect, service.Tls);
        var credentials = service.Credentials.Select(c => new CompiledCredential(c.Header, secrets.Resolve(c.Secret, SecretPlaces.PlaceOf(where.Split('/')[0], service, c), c.Prefix ?? ""))).ToArray();
        return new Upstream(service, CompiledLimit.All(service.Limits, where, "service", revision), CompiledConcurrency.All(service.Concurrency, where, "service"), destinations, credentials, client, clock)
        {
            Cluster = ActiveProbes.Cluster(where, service, destinations, client),
        };
    }

    /// <summary>Chooses a destination: the one its cookie names, if it is there, else the balancer's choice.</summary>
    public UpstreamDestination? Choose(Exchange exchange)
    {
        if (ChooseUntried(exchange) is { } chosen) return chosen;
        if (exchange.Tried is not { Count: > 0 } tried) return null;
        tried.Clear();
        return ChooseUntried(exchange);
    }

    /// <summary>The one that would be chosen now; no turn is lost by it.</summary>
    public UpstreamDestination? Peek(Exchange exchange) =>
        Model.Affinity is { } affinity && KeptBy(exchange, affinity.Cookie ?? Defaults.AffinityCookie) is { } kept ? kept : Balancer.Peek(exchange);

    private UpstreamDestination? ChooseUntried(Exchange exchange) =>
        Model.Affinity is { } affinity ? ChooseByCookie(exchange, affinity.Cookie ?? Defaults.AffinityCookie) : Balancer.Choose(exchange);

    private UpstreamDestination? ChooseByCookie(Exchange exchange, string cookie)
    {
        if (KeptBy(exchange, cookie) is { } kept) return kept;
        var chosen = Balancer.Choose(exchange);
        if (chosen is not null) exchange.AffinityCookie = $"{cookie}={chosen.AffinityValue}; Path=/; HttpOnly; SameSite=Lax{(exchange.Scheme == "https" ? "; Secure" : "")}";
        return chosen;
    }

    private UpstreamDestination? KeptBy(Exchange exchange, string cookie) =>
        exchange.Http.Request.Cookies.TryGetValue(cookie, out var wanted) ? Array.Find(Destinations, d => d.AffinityValue == wanted && exchange.MayUse(d)) : null;

    private static ForwarderRequestConfig Config(UpstreamProtocol? protocol, TimeSpan timeout) => new()
    {
        ActivityTimeout = timeout,
        Version = protocol == UpstreamProtocol.Http1 ? HttpVersion.Version11 : HttpVersion.Version20,
        // By default TLS negotiates the version, and without TLS it is HTTP/1.1.
        VersionPolicy = protocol == UpstreamProtocol.Http2 ? HttpVersionPolicy.RequestVersionExact : HttpVersionPolicy.RequestVersionOrLower,
    };
}
