using Drizzle.Edge.Access;
using Drizzle.Edge.Forwarding;
using Drizzle.Edge.Limits;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Routing;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Drizzle.Edge;

/// <summary>A request, from top to bottom. Each stage lets it go on, or says why not; what it found out is on the exchange.</summary>
internal sealed partial class Pipeline(
    GatewayState state, OpenRequests open, RequestLimits limits, Authentication authentication, Authorization authorization, ForwardStage forward, RequestLog requestLog, TimeProvider clock, ILogger<Pipeline> log)
{
    public async Task HandleAsync(HttpContext http)
    {
        var exchange = new Exchange(http, ClientConnection.Of(http), RequestIds.Next(), clock.GetTimestamp()) { Platform = state.Platform };
        try
        {
            var refusal = RequestHead.Check(exchange)
                ?? ResolveClient(exchange)
                ?? await limits.ChargeAddressAsync(exchange)
                ?? RouteMatching.Match(exchange, state);
            if (exchange.Tenant?.Https.Redirects(exchange) == true) return;
            if (refusal is null && IsPreflight(exchange)) return;
            refusal ??= await authentication.AuthenticateAsync(exchange)
                ?? Enter(exchange)
                ?? authorization.Authorize(exchange)
                ?? await limits.ChargeAsync(exchange)
                ?? LimitBody(exchange)
                ?? forward.Begin(exchange);
            while (exchange.Attempt is { } attempt) refusal = forward.End(exchange, attempt, await forward.SendAsync(exchange, attempt));
            if (refusal is not null && exchange.Refusal is null) await Problems.WriteAsync(exchange, refusal);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            await EndAfterAsync(exchange, e);
        }
        finally
        {
            forward.Leave(exchange);
            open.Remove(exchange);
            limits.Leave(exchange);
            requestLog.Ended(exchange);
        }
    }

    private static Refusal? ResolveClient(Exchange exchange)
    {
        ForwardedHeaders.Apply(exchange);
        return null;
    }

    /// <summary>Browsers ask before they send a credential, so this goes before one is wanted.</summary>
    private static bool IsPreflight(Exchange exchange)
    {
        var http = exchange.Http;
        if (exchange.Route?.Cors is not { } cors || !CorsRules.IsPreflight(http.Request)) return false;
        http.Response.Headers[ResponseHeaders.RequestId] = exchange.RequestId;
        cors.AnswerPreflight(http.Request, http.Response);
        return true;
    }

    /// <summary>From here on the request ends when its credential is revoked. A revocation that came between judging it and being entered is seen here.</summary>
    private Refusal? Enter(Exchange exchange)
    {
        if ((exchange.Caller is null && exchange.Certificate is null) || exchange.Tenant is not { } tenant) return null;
        open.Add(exchange);
        if (!tenant.IsReplaced) return null;
        return exchange.IsCallerGoodIn(state.Index.Slots.GetValueOrDefault(tenant.Slug)?.Current) ? null : Refusal.CredentialInvalid;
    }

    private static Refusal? LimitBody(Exchange exchange)
    {
        if (exchange.Route is not { } route) return null;
        var http = exchange.Http;
        var isStream = RequestKinds.IsGrpc(http) || RequestKinds.IsUpgrade(http);
        // A stream may be silent for long, and has no size but one that its route states.
        if (isStream && http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
        var most = route.MostBody(isStream);
        if (http.Request.ContentLength > most) return Refusal.BodyTooLarge;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = most;
        return null;
    }

    private async Task EndAfterAsync(Exchange exchange, Exception e)
    {
        if (exchange.Http.RequestAborted.IsCancellationRequested) return;
        LogFailed(log, exchange.RequestId, e);
        if (exchange.Http.Response.HasStarted) exchange.Http.Abort();
        else await Problems.WriteAsync(exchange, Refusal.Internal);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed inside the gateway.")]
    private static partial void LogFailed(ILogger logger, string requestId, Exception exception);
}
