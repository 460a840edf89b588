using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Policies;
using Drizzle.Edge.Access;
using Drizzle.Edge.Certificates;
using Drizzle.Edge.Forwarding;
using Drizzle.Edge.Limits;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Tokens;
using Drizzle.Edge.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Requests;

/// <summary>One request on its way through the pipeline: what each stage found out, for those after it. Owned by the request alone.</summary>
internal sealed class Exchange(HttpContext http, ClientConnection connection, string requestId, long startedAt)
{
    public HttpContext Http { get; } = http;

    /// <summary>The peer of this connection: a proxy of ours, or the client itself.</summary>
    public ClientConnection Connection { get; } = connection;

    public string RequestId { get; } = requestId;

    /// <summary>Timestamp of the injected clock.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>The timestamp as of which its limits are decided: when it came, or when it last waited for something. The clock is not read for each of them.</summary>
    public long DecidedAt { get; set; } = startedAt;

    /// <summary>The snapshot that this request began with, and keeps.</summary>
    public PlatformSnapshot Platform { get; set; } = PlatformSnapshot.Initial;

    public ClientAddress Client { get; set; } = connection.Address;

    /// <summary><c>http</c> or <c>https</c>, as the client used it.</summary>
    public string Scheme { get; set; } = "http";

    /// <summary>Lower case, without port.</summary>
    public string Host { get; set; } = "";

    /// <summary>The Host header as sent, with its port.</summary>
    public string Authority { get; set; } = "";

    /// <summary>In normal form: the only path that is matched and forwarded.</summary>
    public string Path { get; set; } = "/";

    /// <summary>As sent, with its question mark; or empty.</summary>
    public string Query { get; set; } = "";

    public bool IsPathAmbiguous { get; set; }

    /// <summary>How much of the path is the tenant's prefix; 0 where the request did not come by that.</summary>
    public int PrefixLength { get; set; }

    /// <summary>Whether the request came as <c>/{tenant}/…</c>.</summary>
    public bool IsUnderPrefix => PrefixLength > 0;

    /// <summary>The path without the tenant's prefix: what routes match, and what goes upstream unless the route changes it.</summary>
    public ReadOnlySpan<char> MatchPath => PrefixLength == Path.Length ? "/" : Path.AsSpan(PrefixLength);

    public TenantSnapshot? Tenant { get; set; }

    public CompiledRoute? Route { get; set; }

    public CompiledKey? Key { get; set; }

    /// <summary>Who calls, once that is proved; null for nobody.</summary>
    public Principal? Caller => _shown?.Caller ?? Key;

    /// <summary>Whose credentials they are; null where they belong to none.</summary>
    public CompiledConsumer? Consumer => Key?.Consumer ?? _shown?.Consumer;

    private ShownCredentials? _shown;

    /// <summary>What it shows beside a key; made when it is first asked for.</summary>
    public ShownCredentials Shown => _shown ??= new ShownCredentials();

    public VerifiedToken? Token => _shown?.Token;

    public TokenFault? TokenFault => _shown?.TokenFault;

    public VerifiedCertificate? Certificate => _shown?.Certificate;

    public string? ForwardedCertificate => _shown?.ForwardedCertificate;

    /// <summary>Whether what proved who calls still would; null for a tenant that is gone.</summary>
    public bool IsCallerGoodIn(TenantSnapshot? tenant) =>
        tenant is not null && (Key is null || tenant.Keys.IsGood(Key)) && (Token is null || tenant.Tokens.StillAccepts(Token)) && (Certificate is null || tenant.Trust?.StillTrusts(Certificate) == true);

    /// <summary>What the tenant's policies decided; null where they were not asked.</summary>
    public PolicyDecision? Policies { get; set; }

    /// <summary>What its shadow policies would have done; null where there are none.</summary>
    public PolicyDecision? Shadow { get; set; }

    public LimitReport Limits { get; set; }

    /// <summary>Where it is counted as under way; <see cref="ConcurrencyGates"/> alone touches it.</summary>
    internal List<BucketId>? Gates { get; set; }

    public UpstreamDestination? Destination { get; set; }

    /// <summary>What is under way to its destination; <see cref="ForwardStage"/> alone sets it.</summary>
    public ForwardAttempt? Attempt { get; set; }

    /// <summary>Destinations that failed this request; it goes to another while there is one.</summary>
    public List<UpstreamDestination>? Tried { get; set; }

    /// <summary>The affinity cookie to set, where a destination was chosen anew.</summary>
    public string? AffinityCookie { get; set; }

    public TimeSpan UpstreamTime { get; set; }

    /// <summary>The request's body, where its length is not stated.</summary>
    public CountingStream? RequestBody { get; set; }

    /// <summary>The answer's body, where its length is not stated.</summary>
    public CountingStream? ResponseBody { get; set; }

    /// <summary>More than any body has; what states a greater length is not believed.</summary>
    private const long MostBytes = 1L << 40;

    /// <summary>Of the request's body, as stated or as they came; of one that went nowhere none.</summary>
    public long BytesIn => Destination is null ? 0 : Math.Min(MostBytes, RequestBody?.Count ?? Http.Request.ContentLength ?? 0);

    /// <summary>Of the answer's body, as stated or as they went.</summary>
    public long BytesOut => Math.Min(MostBytes, ResponseBody?.Count ?? (HttpMethods.IsHead(Http.Request.Method) || Http.Response.StatusCode == StatusCodes.Status304NotModified ? 0 : Http.Response.ContentLength ?? 0));

    public Refusal? Refusal { get; set; }

    /// <summary>Links of <see cref="OpenRequests"/>, which alone touches them.</summary>
    internal Exchange? Next { get; set; }

    internal Exchange? Previous { get; set; }

    internal int OpenIn { get; set; } = -1;

    public bool MayUse(UpstreamDestination destination) => destination.IsAvailable && Tried?.Contains(destination) != true;
}
