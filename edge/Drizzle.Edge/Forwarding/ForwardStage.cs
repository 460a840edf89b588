using System.Runtime.CompilerServices;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Upstreams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Drizzle.Edge.Forwarding;

/// <summary>Sends a request to a destination of its service, another one after a failure where that is safe, and judges how each fared.</summary>
internal sealed class ForwardStage(IHttpForwarder forwarder, TimeProvider clock)
{
    private enum Verdict
    {
        Succeeded,
        Failed,

        /// <summary>What the client caused says nothing about the destination.</summary>
        Neither,
    }

    /// <returns>Null when the answer went to the client, otherwise why there is none.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Refusal?> SendAsync(Exchange exchange)
    {
        if (exchange.Route is not { } route) return Refusal.NoRoute;
        var upstream = route.Upstream;
        var retriesLeft = upstream.Attempts > 0 && RequestKinds.IsRepeatable(exchange.Http) ? upstream.Attempts : 0;
        upstream.Budget.RequestStarted();
        if (exchange.Http is { Request: { ContentLength: null } request } && exchange.Http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true && !RequestKinds.IsUpgrade(exchange.Http))
        {
            request.Body = exchange.RequestBody = new CountingStream(request.Body);
        }
        while (true)
        {
            var isProbe = false;
            if (upstream.Circuit is { } circuit && !circuit.TryEnter(out var retryAfter, out isProbe)) return Refusal.CircuitOpen((long)Math.Ceiling(retryAfter.TotalSeconds));
            if (upstream.Choose(exchange) is not { } destination)
            {
                upstream.Circuit?.Abandoned(isProbe);
                return Refusal.NoDestination;
            }
            exchange.Destination = destination;
            var transformer = new ForwardTransformer(exchange, route, retriesLeft > 0);
            var error = await SendOnceAsync(exchange, route, destination, transformer, isProbe);
            if (transformer.Refusal is { } refusal) return refusal;
            var mayRetry = (error == ForwarderError.Request || transformer.WantsRetry) && !exchange.Http.Response.HasStarted;
            if (mayRetry && retriesLeft-- > 0 && upstream.Budget.TryRetry())
            {
                (exchange.Tried ??= []).Add(destination);
                Reset(exchange.Http);
                continue;
            }
            return transformer.WantsRetry ? Refusal.UpstreamFailed : RefusalOf(error, exchange.Http);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwarderError> SendOnceAsync(Exchange exchange, CompiledRoute route, UpstreamDestination destination, ForwardTransformer transformer, bool isProbe)
    {
        var http = exchange.Http;
        var upstream = route.Upstream;
        var config = RequestKinds.IsGrpc(http) ? upstream.Grpc : RequestKinds.IsStreaming(http) ? upstream.Streaming : upstream.Ordinary;
        var startedAt = clock.GetTimestamp();
        var verdict = Verdict.Neither;
        destination.Enter();
        try
        {
            var error = await forwarder.SendAsync(http, destination.Prefix, upstream.Client, config, transformer);
            error = transformer.StreamError ?? error;
            verdict = transformer switch
            {
                { WantsRetry: true } => Verdict.Failed,
                { Refusal: not null } => Verdict.Neither,
                _ => VerdictOf(error, http),
            };
            return error;
        }
        finally
        {
            destination.Leave();
            // In every case: a half-open circuit waits for word of the request it let through.
            Judge(destination, upstream, verdict, isProbe);
            exchange.UpstreamTime += clock.GetElapsedTime(startedAt);
        }
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
