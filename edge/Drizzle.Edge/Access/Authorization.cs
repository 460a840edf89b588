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
            var refusal = Judge(exchange, clock);
            metrics.PolicyDecided(tenant, refusal is null);
            Count(exchange, tenant);
            return refusal;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            metrics.PolicyErred(tenant, "");
            LogFailed(log, tenant, exchange.RequestId, e);
            return NotPermitted;
        }
    }

    /// <summary>Puts the decision on the exchange, and counts nothing.</summary>
    public static Refusal? Judge(Exchange exchange, TimeProvider clock)
    {
        if (exchange.Tenant is not { } tenant || exchange.Route is not { } route || (exchange.Key is null && !route.IsPublic)) return NotPermitted;
        var asked = PolicyRequest.Of(exchange, tenant, route, clock.GetUtcNow());
        var policies = tenant.Access.Policies;
        var decision = policies.Decide(asked.Request, asked.Entities);
        exchange.Policies = decision;
        exchange.Shadow = policies.DecideInShadow(asked.Request, asked.Entities);
        if (decision.IsAllowed) return null;
        return decision.Policies.Count == 0 ? NotPermitted : Denied("A policy forbids this request.") with { Policy = string.Join(", ", decision.Policies) };
    }

    private static Refusal Denied(string detail) => new(StatusCodes.Status403Forbidden, "denied", "Denied", detail);

    private void Count(Exchange exchange, string tenant)
    {
        foreach (var (policy, error) in exchange.Policies?.Erring ?? [])
        {
            metrics.PolicyErred(tenant, policy);
            LogErred(log, tenant, policy, exchange.RequestId, error);
        }
        if (exchange.Shadow is not { } shadow) return;
        foreach (var policy in shadow.Policies) metrics.ShadowApplied(tenant, policy);
        foreach (var (policy, _) in shadow.Erring) metrics.PolicyErred(tenant, policy);
    }

    // What errs once errs for each request like it, so it is not for the log that people read.
    [LoggerMessage(Level = LogLevel.Debug, Message = "Policy {Policy} of {Tenant} could not be evaluated for request {RequestId}: {Error}")]
    private static partial void LogErred(ILogger logger, string tenant, string policy, string requestId, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "The policies of {Tenant} could not be asked about request {RequestId}, which is denied.")]
    private static partial void LogFailed(ILogger logger, string tenant, string requestId, Exception exception);
}
