using Drizzle.Edge.Requests;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Upstreams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Drizzle.Edge.Forwarding;

/// <summary>
/// Sends a request to a destination of its service, another one after a failure where that is safe, and judges how each fared. The pipeline goes through the attempts:
/// a loop of them here would be a state machine more that each request allocates.
/// </summary>
internal sealed class ForwardStage(IHttpForwarder forwarder, TimeProvider clock)
{
    private enum Verdict
    {
        Succeeded,
        Failed,

        /// <summary>What the client caused says nothing about the destination.</summary>
        Neither,
    }

    /// <summary>Chooses where to try first; the attempt is then on the exchange.</summary>
    /// <returns>Why there is none to try, or null.</returns>
    public Refusal? Begin(Exchange exchange)
    {
        if (exchange.Route is not { Upstream: var upstream }) return Refusal.NoRoute;
        upstream.Budget.RequestStarted();
        if (exchange.Http is { Request: { ContentLength: null } request } && exchange.Http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true && !RequestKinds.IsUpgrade(exchange.Http))
        {
            request.Body = exchange.RequestBody = new CountingStream(request.Body);
        }
        return Try(exchange, exchange.Route, upstream.Attempts > 0 && RequestKinds.IsRepeatable(exchange.Http) ? upstream.Attempts : 0);
    }

    /// <summary>Makes the exchange's attempt. Each that was begun is to be ended or left.</summary>
    public ValueTask<ForwarderError> SendAsync(Exchange exchange, ForwardAttempt attempt)
    {
        var (http, upstream) = (exchange.Http, attempt.Route.Upstream);
        var config = RequestKinds.IsGrpc(http) ? upstream.Grpc : RequestKinds.IsStreaming(http) ? upstream.Streaming : upstream.Ordinary;
        return forwarder.SendAsync(http, attempt.Destination.Prefix, upstream.Client, config, attempt);
    }

    /// <summary>Judges how the attempt fared, and puts another in its place where that is safe and may help.</summary>
    /// <returns>Null when the answer went to the client or another attempt is to be made, otherwise why there is none.</returns>
    public Refusal? End(Exchange exchange, ForwardAttempt attempt, ForwarderError error)
    {
        error = attempt.StreamError ?? error;
        Leave(exchange, attempt, attempt switch
        {
            { WantsRetry: true } => Verdict.Failed,
            { Refusal: not null } => Verdict.Neither,
            _ => VerdictOf(error, exchange.Http),
        });
        if (attempt.Refusal is { } refusal) return refusal;
        var mayRetry = (error == ForwarderError.Request || attempt.WantsRetry) && !exchange.Http.Response.HasStarted;
        if (mayRetry && attempt.RetriesLeft > 0 && attempt.Route.Upstream.Budget.TryRetry())
        {
            (exchange.Tried ??= []).Add(attempt.Destination);
            Reset(exchange.Http);
            return Try(exchange, attempt.Route, attempt.RetriesLeft - 1);
        }
        return attempt.WantsRetry ? Refusal.UpstreamFailed : RefusalOf(error, exchange.Http);
    }

    /// <summary>Gives up an attempt that nobody ended, because the pipeline failed.</summary>
    public void Leave(Exchange exchange)
    {
        if (exchange.Attempt is { } attempt) Leave(exchange, attempt, Verdict.Neither);
    }

    private Refusal? Try(Exchange exchange, CompiledRoute route, int retriesLeft)
    {
        var upstream = route.Upstream;
        var isProbe = false;
        if (upstream.Circuit is { } circuit && !circuit.TryEnter(out var retryAfter, out isProbe)) return Refusal.CircuitOpen((long)Math.Ceiling(retryAfter.TotalSeconds));
        if (upstream.Choose(exchange) is not { } destination)
        {
            upstream.Circuit?.Abandoned(isProbe);
            return Refusal.NoDestination;
        }
        exchange.Destination = destination;
        exchange.Attempt = new ForwardAttempt(exchange, route, destination, isProbe, retriesLeft, clock.GetTimestamp());
        destination.Enter();
        return null;
    }

    /// <summary>In every case: a half-open circuit waits for word of the request it let through.</summary>
    private void Leave(Exchange exchange, ForwardAttempt attempt, Verdict verdict)
    {
        exchange.Attempt = null;
        attempt.Destination.Leave();
        Judge(attempt.Destination, attempt.Route.Upstream, verdict, attempt.IsProbe);
        exchange.UpstreamTime += clock.GetElapsedTime(attempt.StartedAt);
    }

    private static Verdict VerdictOf(ForwarderError error, HttpContext http) => error switch
    {
        ForwarderError.None => http.Response.StatusCode >= 500 ? Verdict.Failed : Verdict.Succeeded,
        // By now the client's connection is aborted by us, so whether it is says nothing.
        ForwarderError.ResponseBodyDestination => Verdict.Failed,
        ForwarderError.Request or ForwarderError.RequestTimedOut or ForwarderError.RequestBodyDestination or ForwarderError.ResponseHeaders
            => http.RequestAborted.IsCancellationRequested ? Verdict.Neither : Verdict.Failed,
        _ => Verdict.Neither,
    };

    private static void Judge(UpstreamDestination destination, Upstream upstream, Verdict verdict, bool isProbe)
    {
        switch (verdict)
        {
            case Verdict.Succeeded:
                destination.Passive?.Succeeded();
                upstream.Circuit?.Succeeded(isProbe);
                break;
            case Verdict.Failed:
                destination.Passive?.Failed();
                upstream.Circuit?.Failed(isProbe);
                break;
            default:
                upstream.Circuit?.Abandoned(isProbe);
                break;
        }
    }

    private static Refusal? RefusalOf(ForwarderError error, HttpContext http)
    {
        if (error == ForwarderError.None || http.Response.HasStarted) return null;
        return http.Response.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => Refusal.BodyTooLarge,
            StatusCodes.Status408RequestTimeout => Refusal.RequestTooSlow,
            >= 400 and < 500 => Refusal.RequestBroken,
            StatusCodes.Status504GatewayTimeout => Refusal.UpstreamTimeout,
            _ => IsNotAllowed(http.Features.Get<IForwarderErrorFeature>()?.Exception) ? Refusal.DestinationNotAllowed : Refusal.UpstreamFailed,
        };
    }

    private static bool IsNotAllowed(Exception? e) => e is DestinationNotAllowedException || (e?.InnerException is { } inner && IsNotAllowed(inner));

    /// <summary>YARP refuses to forward into a response that has a status, and keeps its error as a feature.</summary>
    private static void Reset(HttpContext http)
    {
        http.Response.Clear();
        http.Features.Set<IForwarderErrorFeature>(null);
    }
}
