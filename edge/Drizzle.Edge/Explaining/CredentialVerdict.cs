using Drizzle.Contracts.Explaining;
using Drizzle.Edge.Access;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Explaining;

/// <summary>Says of a request's credential what its client is never told: which key or token it is, and what is wrong with it.</summary>
internal static class CredentialVerdict
{
    /// <param name="areSignaturesChecked">Whether a token is known to be its issuer's.</param>
    public static ExplainedCredential Of(Exchange exchange, TenantSnapshot tenant, Refusal? refusal, bool areSignaturesChecked, TimeProvider clock)
    {
        if (exchange.Route is not { IsPublic: false } route) return Refused("The route wants no credential.") with { IsAccepted = true };
        if (refusal is null) return Accepted(exchange, areSignaturesChecked);
        var header = route.Upstream.KeyHeader;
        if (ReferenceEquals(refusal, Refusal.CredentialMissing)) return Refused($"The route wants {Wanted(route, header)}; none was sent.");
        if (ReferenceEquals(refusal, Refusal.CredentialsDisagree)) return Refused($"The credentials in {header} and Authorization are not of the same consumer.");
        if (refusal.Kind == "certificate-invalid") return Refused(refusal.Detail);
        if (exchange.TokenFault is { } fault) return Refused($"The token is not accepted: {fault.Why}");
        var bearer = Authentication.BearerOf(exchange.Http.Request.Headers.Authorization);
        if (bearer is not null && !Authentication.IsKey(bearer) && !route.AcceptsToken) return Refused("What stands after Bearer is no key (drz_…), and the route accepts no token: its auth names no jwt.");
        if (!route.AcceptsKey) return Refused("The route accepts no key.");
        return WhatIsWrong(exchange, tenant, header, clock);
    }

    private static ExplainedCredential Accepted(Exchange exchange, bool areSignaturesChecked)
    {
        var consumer = exchange.Consumer?.Name;
        if (exchange.Token is { } token) return new(true, exchange.Key?.Prefix, token.Name, consumer, areSignaturesChecked ? "The token is good." : "The token's claims are good; its signature was not checked here, for the edges alone have the issuer's keys.");
        if (exchange.Key is { } key) return new(true, key.Prefix, null, consumer, "The key is good.");
        return new(true, null, exchange.Caller?.Name, consumer, "The client certificate is good.");
    }

    private static string Wanted(CompiledRoute route, string header) => string.Join(", or ", new[]
    {
        route.AcceptsKey ? $"a key, in {header} or as Authorization: Bearer" : null,
        route.AcceptsToken ? "a token, as Authorization: Bearer" : null,
        route.AcceptsCertificate ? "a client certificate, which only a trusted proxy can forward here" : null,
    }.OfType<string>());

    private static ExplainedCredential WhatIsWrong(Exchange exchange, TenantSnapshot tenant, string header, TimeProvider clock)
    {
        var headers = exchange.Http.Request.Headers;
        if (headers[header].Count > 1 || headers.Authorization.Count > 1) return Refused("A credential is sent more than once.");
        foreach (var presented in new[] { headers[header].ToString(), Authentication.BearerOf(headers.Authorization) ?? "" }.Where(p => p.Length > 0))
        {
            if (tenant.Keys.Find(presented) is not { } key) return Refused("No key of this tenant is what was sent.");
            if (key.IsRevoked) return Refused("The key is revoked.") with { Key = key.Prefix, Consumer = key.Consumer.Name };
            if (key.ExpiresAt <= clock.GetUtcNow().ToUnixTimeMilliseconds()) return Refused($"The key ended at {DateTimeOffset.FromUnixTimeMilliseconds(key.ExpiresAt):O}.") with { Key = key.Prefix, Consumer = key.Consumer.Name };
        }
        return Refused("The key is empty.");
    }

    private static ExplainedCredential Refused(string why) => new(false, null, null, null, why);
}
