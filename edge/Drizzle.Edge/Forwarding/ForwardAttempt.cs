using System.Buffers;
using System.Net.Http.Headers;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Validation;
using Drizzle.Edge.Access;
using Drizzle.Edge.Certificates;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Tokens;
using Drizzle.Edge.Upstreams;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Drizzle.Edge.Forwarding;

/// <summary>
/// One try at having a destination answer a request: what changes on its way up and down, and how it fared. YARP copies the headers and leaves out those of the connection.
/// </summary>
internal sealed class ForwardAttempt(Exchange exchange, CompiledRoute route, UpstreamDestination destination, bool isProbe, int retriesLeft, long startedAt) : HttpTransformer
{
    private static readonly SearchValues<char> Printable = SearchValues.Create("\t" + string.Concat(Enumerable.Range(' ', 0x7F - ' ').Select(i => (char)i)));

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public CompiledRoute Route => route;

    public UpstreamDestination Destination => destination;

    /// <summary>Whether a circuit that is half open let it through, to hear how it fares.</summary>
    public bool IsProbe => isProbe;

    /// <summary>How many more may follow it.</summary>
    public int RetriesLeft => retriesLeft;

    /// <summary>Timestamp of the injected clock.</summary>
    public long StartedAt => startedAt;

    /// <summary>Whether the answer is one to try again after; it was not sent to the client.</summary>
    public bool WantsRetry { get; private set; }

    /// <summary>Why the request was not sent at all; null where it was.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>How the copying of a late event stream ended; null where there was none.</summary>
    public ForwarderError? StreamError { get; private set; }

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        RemoveConnectionHeaders(httpContext, proxyRequest);
        RemoveCredential(httpContext, proxyRequest);
        SessionCookies.Remove(httpContext, proxyRequest);
        SetForwarded(proxyRequest);
        if (route.Changes.Request is { } changes) Change(proxyRequest, changes);
        ShowClaims(proxyRequest);
        ShowCredentials(proxyRequest);
        proxyRequest.Headers.Host = route.Upstream.Model.HostHeader == HostHeader.Original ? exchange.Authority : null;
        var path = route.Changes.PathOf(exchange, route.IsImplicit);
        var query = route.Changes.QueryOf(exchange.Query);
        proxyRequest.RequestUri = new Uri(string.Concat(destinationPrefix, path, query), AsWritten);
        if (IsPrintable(proxyRequest.Headers.NonValidated) && (proxyRequest.Content is null || IsPrintable(proxyRequest.Content.Headers.NonValidated))) return;
        Refusal = Refusal.UnprintableHeader;
        // A status is how YARP is told not to send.
        httpContext.Response.StatusCode = Refusal.Status;
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null) return false;
        if (retriesLeft > 0 && route.Upstream.Model.Retries is { } retries && retries.OnStatus.Contains((int)proxyResponse.StatusCode))
        {
            WantsRetry = true;
            return false;
        }
        await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        var headers = httpContext.Response.Headers;
        if (proxyResponse.Headers.NonValidated.Contains("Connection"))
        {
            foreach (var name in proxyResponse.Headers.Connection) headers.Remove(name);
        }
        SessionCookies.Remove(headers);
        ResponseHeaders.Apply(exchange);
        if (route.Changes.Response is { } changes) ResponseHeaders.Change(headers, changes);
        if (httpContext.Response is { ContentLength: null, StatusCode: not StatusCodes.Status101SwitchingProtocols } response) response.Body = exchange.ResponseBody = new CountingStream(response.Body);
        // The head of a stream goes ahead of its first bytes, which may be long in coming. One that says how a call ended has none to come.
        if (RequestKinds.IsGrpc(httpContext) ? !headers.ContainsKey("grpc-status") : EventStreamCopy.IsEventStream(httpContext.Response)) await httpContext.Response.StartAsync(cancellationToken);
        if (!EventStreamCopy.IsLate(httpContext)) return true;
        StreamError = await EventStreamCopy.RunAsync(httpContext, proxyResponse, route.Upstream.StreamTimeout);
        return false;
    }

    /// <summary>Kestrel takes control characters and UTF-8 in values; destinations disagree on what they mean.</summary>
    private static bool IsPrintable(HttpHeadersNonValidated headers)
    {
        foreach (var (_, values) in headers)
        {
            foreach (var value in values)
            {
                if (value.AsSpan().IndexOfAnyExcept(Printable) >= 0) return false;
            }
        }
        return true;
    }

    /// <summary>Headers that Connection names speak of one hop, whatever they are.</summary>
    private static void RemoveConnectionHeaders(HttpContext http, HttpRequestMessage message)
    {
        var connection = http.Request.Headers.Connection;
        if (connection.Count == 0) return;
        foreach (var name in http.Request.Headers.GetCommaSeparatedValues("Connection"))
        {
            // What frames the body is not the client's to take away, and what is no name cannot be there.
            if (Names.IsToken(name) && !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)) MessageHeaders.Remove(message, name);
        }
    }

    /// <summary>Our own credentials stay here, whether or not the route wanted one; others, such as Basic, are the upstream's.</summary>
    private void RemoveCredential(HttpContext http, HttpRequestMessage message)
    {
        if (!route.ForwardsKey) MessageHeaders.Remove(message, route.Upstream.KeyHeader);
        foreach (var value in http.Request.Headers.Authorization)
        {
            if (Authentication.BearerOf(value) is not { } bearer) continue;
            var isOurs = Authentication.IsKey(bearer) ? !route.ForwardsKey : !route.ForwardsToken && IsOurToken(bearer);
            if (isOurs) message.Headers.Remove("Authorization");
        }
    }

    /// <summary>On a route that wants none, one of an issuer of ours is good elsewhere all the same.</summary>
    private bool IsOurToken(string bearer)
    {
        if (exchange.Token is not null) return true;
        if (exchange.Tenant is not { Tokens: { Issuers.Count: > 0 } tokens }) return false;
        using var read = TokenText.Read(bearer);
        return read is not null && Claims.TextOf(read.Claims, "iss") is { } url && tokens.ByUrl(url) is not null;
    }

    /// <summary>What the token says of who calls, where there is one; nobody else may.</summary>
    private void ShowClaims(HttpRequestMessage message)
    {
        if (exchange.Tenant is { Tokens: { HasHeaders: true } tokens })
        {
            foreach (var header in exchange.Http.Request.Headers)
            {
                if (tokens.Reserves(header.Key)) MessageHeaders.Remove(message, header.Key);
            }
        }
        foreach (var (name, value) in exchange.Token?.Headers ?? []) MessageHeaders.Add(message, name, value);
    }

    /// <summary>Last, so that neither the client nor a transform has a say in them.</summary>
    private void ShowCredentials(HttpRequestMessage message)
    {
        foreach (var credential in route.Upstream.Credentials)
        {
            MessageHeaders.Remove(message, credential.Header);
            MessageHeaders.Add(message, credential.Header, credential.Value.Text);
        }
    }

    private void SetForwarded(HttpRequestMessage message)
    {
        var headers = message.Headers;
        var known = exchange.Client;
        var isThroughProxy = !ReferenceEquals(known, exchange.Connection.Address);
        var chain = isThroughProxy ? $"{known.Text}, {exchange.Connection.Address.Text}" : known.Text;
        headers.Remove("X-Forwarded-For");
        headers.Remove("X-Forwarded-Proto");
        headers.Remove("X-Forwarded-Host");
        headers.Remove("X-Forwarded-Prefix");
        headers.Remove("X-Forwarded-Port");
        headers.Remove(ForwardedCertificate.Header);
        headers.Remove("X-Real-IP");
        headers.Remove("Forwarded");
        headers.Remove(ResponseHeaders.RequestId);
        headers.TryAddWithoutValidation("X-Forwarded-For", chain);
        headers.TryAddWithoutValidation("X-Forwarded-Proto", exchange.Scheme);
        headers.TryAddWithoutValidation("X-Forwarded-Host", exchange.Authority);
        if (exchange.IsUnderPrefix) headers.TryAddWithoutValidation("X-Forwarded-Prefix", exchange.Tenant?.Prefix);
        headers.TryAddWithoutValidation("Forwarded", exchange.Connection.ForwardedElement(known, exchange.Authority, exchange.Scheme));
        headers.TryAddWithoutValidation(ResponseHeaders.RequestId, exchange.RequestId);
    }

    private static void Change(HttpRequestMessage message, HeaderChanges changes)
    {
        foreach (var name in changes.Remove) MessageHeaders.Remove(message, name);
        foreach (var (name, value) in changes.Set)
        {
            MessageHeaders.Remove(message, name);
            MessageHeaders.Add(message, name, value);
        }
        foreach (var (name, value) in changes.Add) MessageHeaders.Add(message, name, value);
    }
}
