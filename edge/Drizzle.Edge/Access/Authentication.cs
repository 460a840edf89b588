using Drizzle.Edge.Requests;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Telemetry;

namespace Drizzle.Edge.Access;

/// <summary>Finds out who calls. A refusal says the same whether a key is unknown, expired or revoked.</summary>
internal sealed class Authentication(TimeProvider clock, EdgeMetrics metrics)
{
    private const string Bearer = "Bearer ";

    public Refusal? Authenticate(Exchange exchange)
    {
        if (Judge(exchange, clock) is not { } refusal) return null;
        metrics.AuthenticationFailed(exchange.Tenant?.Slug ?? "", ReasonOf(refusal));
        return refusal;
    }

    /// <summary>Sets the exchange's key, and counts nothing.</summary>
    public static Refusal? Judge(Exchange exchange, TimeProvider clock)
    {
        if (exchange.Route is not { IsPublic: false } route || exchange.Tenant is not { } tenant) return null;
        var headers = exchange.Http.Request.Headers;
        var byHeader = headers[route.Upstream.KeyHeader];
        var byBearer = headers.Authorization is [{ } authorization] ? BearerOf(authorization) : null;
        if (byHeader.Count == 0 && headers.Authorization.Count <= 1 && byBearer is null) return Refusal.CredentialMissing;
        if (!route.AcceptsKey || byHeader.Count > 1 || headers.Authorization.Count > 1) return Refusal.CredentialInvalid;
        var first = byHeader is [{ } presented] ? Find(tenant, presented, clock) : null;
        if (byHeader.Count == 1 && first is null) return Refusal.CredentialInvalid;
        if (byBearer is not null)
        {
            var second = Find(tenant, byBearer, clock);
            if (second is null) return Refusal.CredentialInvalid;
            if (first is not null && first.Consumer.Name != second.Consumer.Name) return Refusal.CredentialsDisagree;
            first ??= second;
        }
        exchange.Key = first;
        return null;
    }

    /// <returns>The token after <c>Bearer</c>; null where the value is of another scheme.</returns>
    public static string? BearerOf(string? authorization) =>
        authorization is { } text && text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? text[Bearer.Length..].Trim() : null;

    private static CompiledKey? Find(TenantSnapshot tenant, string presented, TimeProvider clock) =>
        tenant.Keys.Find(presented) is { IsRevoked: false } key && key.ExpiresAt > clock.GetUtcNow().ToUnixTimeMilliseconds() ? key : null;

    /// <summary>As the metric's label has it.</summary>
    private static string ReasonOf(Refusal refusal) =>
        ReferenceEquals(refusal, Refusal.CredentialMissing) ? "missing" : ReferenceEquals(refusal, Refusal.CredentialsDisagree) ? "disagree" : "invalid";
}
