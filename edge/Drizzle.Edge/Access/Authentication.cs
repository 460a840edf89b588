using Drizzle.Edge.Requests;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Telemetry;
using Drizzle.Edge.Tokens;
using Microsoft.Extensions.Primitives;

namespace Drizzle.Edge.Access;

/// <summary>Finds out who calls: by an API key, a token, a client certificate, or several that belong together. A refusal says the same whether a key is unknown, expired or revoked.</summary>
internal sealed class Authentication(TokenGate tokens, TimeProvider clock, EdgeMetrics metrics)
{
    private const string Bearer = "Bearer ";
    private const string KeyPrefix = "drz_";

    public ValueTask<Refusal?> AuthenticateAsync(Exchange exchange)
    {
        var judged = JudgeAsync(exchange, tokens, clock);
        return judged.IsCompletedSuccessfully ? new(Counted(exchange, judged.Result)) : WhenJudgedAsync(exchange, judged);
    }

    private async ValueTask<Refusal?> WhenJudgedAsync(Exchange exchange, ValueTask<Refusal?> judged) => Counted(exchange, await judged);

    /// <summary>Sets who calls on the exchange, and counts nothing. Waits only for keys of an issuer that are not known.</summary>
    public static ValueTask<Refusal?> JudgeAsync(Exchange exchange, TokenGate tokens, TimeProvider clock)
    {
        var badCertificate = JudgeCertificate(exchange, clock);
        if (exchange.Route is not { IsPublic: false } route || exchange.Tenant is not { } tenant) return new((Refusal?)null);
        if (badCertificate is not null && route.AcceptsCertificate) return new(badCertificate);
        var headers = exchange.Http.Request.Headers;
        var byHeader = headers[route.Upstream.KeyHeader];
        var bearer = headers.Authorization is [{ } authorization] ? BearerOf(authorization) : null;
        if (byHeader.Count == 0 && headers.Authorization.Count <= 1 && bearer is null) return new(route.AcceptsCertificate && exchange.Certificate is not null ? Settle(exchange, tenant, route) : Refusal.CredentialMissing);
        if (byHeader.Count > 1 || headers.Authorization.Count > 1) return new(Refusal.CredentialInvalid);
        var token = bearer is not null && !IsKey(bearer) ? bearer : null;
        if (JudgeKeys(exchange, tenant, route, byHeader, token is null ? bearer : null, clock) is { } refusal) return new(refusal);
        if (token is null) return new(Settle(exchange, tenant, route));
        if (!route.AcceptsToken) return new(Refusal.CredentialInvalid);
        exchange.Shown.Token = tokens.Remembered(tenant.Slug, tenant.Tokens, token);
        return exchange.Token is null ? JudgeTokenAsync(exchange, tenant, route, token, tokens, clock) : new(Settle(exchange, tenant, route));
    }

    /// <returns>What stands after <c>Bearer</c>; null where the value is of another scheme.</returns>
    public static string? BearerOf(string? authorization) =>
        authorization is { } text && text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? text[Bearer.Length..].Trim() : null;

    /// <summary>Whether what a client presents is, by its looks, a key of ours.</summary>
    public static bool IsKey(string presented) => presented.StartsWith(KeyPrefix, StringComparison.Ordinal);

    /// <summary>Whether or not the route takes it for a credential: policies may ask whether there was one.</summary>
    private static Refusal? JudgeCertificate(Exchange exchange, TimeProvider clock)
    {
        if (exchange.Tenant?.Trust is not { } trust || exchange.Connection.CertificateOf(exchange.ForwardedCertificate) is not { } presented) return null;
        var verdict = trust.Judge(presented, clock.GetUtcNow());
        if (verdict.Certificate is not null) exchange.Shown.Certificate = verdict.Certificate;
        return verdict.Refusal;
    }

    private static Refusal? JudgeKeys(Exchange exchange, TenantSnapshot tenant, CompiledRoute route, StringValues byHeader, string? byBearer, TimeProvider clock)
    {
        if (byHeader.Count == 0 && byBearer is null) return null;
        if (!route.AcceptsKey) return Refusal.CredentialInvalid;
        var first = byHeader is [{ } presented] ? Find(tenant, presented, clock) : null;
        if (byHeader.Count == 1 && first is null) return Refusal.CredentialInvalid;
        var second = byBearer is null ? null : Find(tenant, byBearer, clock);
        if (byBearer is not null && second is null) return Refusal.CredentialInvalid;
        if (first is not null && second is not null && first.Consumer.Name != second.Consumer.Name) return Refusal.CredentialsDisagree;
        exchange.Key = first ?? second;
        return null;
    }

    private static async ValueTask<Refusal?> JudgeTokenAsync(Exchange exchange, TenantSnapshot tenant, CompiledRoute route, string token, TokenGate tokens, TimeProvider clock)
    {
        var verdict = await tokens.JudgeAsync(tenant.Slug, tenant.Tokens, token, exchange.Http.RequestAborted);
        // It may have waited for keys.
        exchange.DecidedAt = clock.GetTimestamp();
        exchange.Shown.Token = verdict.Token;
        exchange.Shown.TokenFault = verdict.Fault;
        if (verdict.Fault is null) return Settle(exchange, tenant, route);
        return ReferenceEquals(verdict.Fault, TokenFault.Expired) ? Refusal.TokenExpired : ReferenceEquals(verdict.Fault, TokenFault.NoKeys) ? Refusal.IssuerUnavailable : Refusal.CredentialInvalid;
    }

    /// <summary>Whose the credentials are: all that are named must be one consumer's. A token says more of who calls than a key does, and a key more than a certificate.</summary>
    private static Refusal? Settle(Exchange exchange, TenantSnapshot tenant, CompiledRoute route)
    {
        var (key, token, certificate) = (exchange.Key, exchange.Token, route.AcceptsCertificate ? exchange.Certificate : null);
        var name = key?.Consumer.Name ?? token?.Consumer ?? certificate?.Consumer;
        if ((token?.Consumer is { } bearer && bearer != name) || (certificate?.Consumer is { } holder && holder != name)) return Refusal.CredentialsDisagree;
        if (token is null && certificate is null) return null;
        if (key is null && name is not null)
        {
            if (!tenant.Consumers.TryGetValue(name, out var consumer))
            {
                exchange.Shown.TokenFault = TokenFault.NoConsumer;
                return Refusal.CredentialInvalid;
            }
            exchange.Shown.Consumer = consumer;
        }
        if (token is not null || key is null) exchange.Shown.Caller = token is not null ? token : certificate;
        return null;
    }

    private static CompiledKey? Find(TenantSnapshot tenant, string presented, TimeProvider clock) =>
        tenant.Keys.Find(presented) is { IsRevoked: false } key && key.ExpiresAt > clock.GetUtcNow().ToUnixTimeMilliseconds() ? key : null;

    private Refusal? Counted(Exchange exchange, Refusal? refusal)
    {
        if (refusal is null) return null;
        // Nobody is known of whom not all is good.
        exchange.Key = null;
        metrics.AuthenticationFailed(exchange.Tenant?.Slug ?? "", ReasonOf(refusal));
        return refusal;
    }

    /// <summary>As the metric's label has it.</summary>
    private static string ReasonOf(Refusal refusal) => refusal.Kind switch
    {
        "credential-missing" => "missing",
        "credentials-disagree" => "disagree",
        "credential-expired" => "expired",
        "certificate-invalid" => "certificate",
        "issuer-unavailable" => "unavailable",
        _ => "invalid",
    };
}
