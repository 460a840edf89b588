using Drizzle.Edge.Requests;
using Drizzle.Edge.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Drizzle.Edge.Access;

/// <summary>Lets through what the tenant's policies permit and none forbids. Where they cannot be asked, nothing passes.</summary>
internal sealed partial class Authorization(EdgeMetrics metrics, TimeProvider clock, ILogger<Authorization> log)
{
    private static readonly Refusal NotPermitted = Denied("No policy permits this request.");

    public Refusal? Authorize(Exchange exchange)
    {
        var tenant = exchange.Tenant?.Slug ?? "";
        try
        {
            var refusal = Judge(exchange, clock, out var asked);
            metrics.PolicyDecided(tenant, refusal is null);
            CountErrors(exchange, tenant);
            WatchShadow(exchange, asked, tenant);
            return refusal;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            metrics.PolicyErred(tenant, "");
            metrics.PolicyDecided(tenant, isAllowed: false);
            LogFailed(log, tenant, exchange.RequestId, e);
            return NotPermitted;
        }
    }

    /// <summary>Puts the decision on the exchange, and counts nothing.</summary>
    public static Refusal? Judge(Exchange exchange, TimeProvider clock) => Judge(exchange, clock, out _);

    /// <param name="asked">Null where the policies were not asked.</param>
    private static Refusal? Judge(Exchange exchange, TimeProvider clock, out PolicyRequest? asked)
    {
        asked = null;
        if (exchange.Tenant is not { } tenant || exchange.Route is not { } route || (exchange.Caller is null && !route.IsPublic)) return NotPermitted;
        var request = PolicyRequest.Of(exchange, tenant, route, clock.GetUtcNow());
        asked = request;
        var decision = tenant.Access.Policies.Decide(request.Request, request.Entities);
        exchange.Policies = decision;
        if (decision.IsAllowed) return null;
        return decision.Policies.Count == 0 ? NotPermitted : Denied("A policy forbids this request.") with { Policy = PolicyNames.Of(decision) };
    }

    private static Refusal Denied(string detail) => new(StatusCodes.Status403Forbidden, "denied", "Denied", detail);

    private void CountErrors(Exchange exchange, string tenant)
    {
        foreach (var (policy, error) in exchange.Policies?.Erring ?? [])
        {
            metrics.PolicyErred(tenant, policy);
            LogErred(log, tenant, policy, exchange.RequestId, error);
        }
    }

    /// <summary>Whatever becomes of it, the request goes on as it was decided.</summary>
    private void WatchShadow(Exchange exchange, PolicyRequest? asked, string tenant)
    {
        if (asked is not { } request || exchange.Tenant is not { Access.Policies: { HasShadow: true } policies }) return;
        try
        {
            exchange.Shadow = policies.DecideInShadow(request.Request, request.Entities);
            foreach (var policy in exchange.Shadow?.Policies ?? []) metrics.ShadowApplied(tenant, policy);
            foreach (var (policy, _) in exchange.Shadow?.Erring ?? []) metrics.PolicyErred(tenant, policy);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            metrics.PolicyErred(tenant, "");
            LogShadowFailed(log, tenant, exchange.RequestId, e);
        }
    }

    // What errs once errs for each request like it, so it is not for the log that people read.
    [LoggerMessage(Level = LogLevel.Debug, Message = "Policy {Policy} of {Tenant} could not be evaluated for request {RequestId}: {Error}")]
    private static partial void LogErred(ILogger logger, string tenant, string policy, string requestId, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "The shadow policies of {Tenant} could not be asked about request {RequestId}.")]
    private static partial void LogShadowFailed(ILogger logger, string tenant, string requestId, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The policies of {Tenant} could not be asked about request {RequestId}, which is denied.")]
    private static partial void LogFailed(ILogger logger, string tenant, string requestId, Exception exception);
}
