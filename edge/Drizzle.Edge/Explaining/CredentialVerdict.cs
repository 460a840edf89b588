using Drizzle.Contracts.Explaining;
using Drizzle.Edge.Access;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Explaining;

/// <summary>Says of a request's credential what its client is never told: which key it is, and what is wrong with it.</summary>
internal static class CredentialVerdict
{
    public static ExplainedCredential Of(Exchange exchange, TenantSnapshot tenant, Refusal? refusal, TimeProvider clock)
    {
        if (exchange.Route is not { IsPublic: false } route) return new(true, null, null, "The route wants no credential.");
        if (exchange.Key is { } key) return new(true, key.Prefix, key.Consumer.Name, "The key is good.");
        var header = route.Upstream.KeyHeader;
        if (ReferenceEquals(refusal, Refusal.CredentialMissing)) return new(false, null, null, $"The route wants a key, in {header} or as Authorization: Bearer; none was sent.");
        if (ReferenceEquals(refusal, Refusal.CredentialsDisagree)) return new(false, null, null, $"The keys in {header} and Authorization are of different consumers.");
        if (!route.AcceptsKey) return new(false, null, null, "The route accepts no key.");
        return WhatIsWrong(exchange, tenant, header, clock);
    }

    private static ExplainedCredential WhatIsWrong(Exchange exchange, TenantSnapshot tenant, string header, TimeProvider clock)
    {
        var headers = exchange.Http.Request.Headers;
        if (headers[header].Count > 1 || headers.Authorization.Count > 1) return new(false, null, null, "A credential is sent more than once.");
        foreach (var presented in new[] { headers[header].ToString(), Authentication.BearerOf(headers.Authorization) ?? "" }.Where(p => p.Length > 0))
        {
            if (tenant.Keys.Find(presented) is not { } key) return new(false, null, null, "No key of this tenant is what was sent.");
            if (key.IsRevoked) return new(false, key.Prefix, key.Consumer.Name, "The key is revoked.");
            if (key.ExpiresAt <= clock.GetUtcNow().ToUnixTimeMilliseconds()) return new(false, key.Prefix, key.Consumer.Name, $"The key ended at {DateTimeOffset.FromUnixTimeMilliseconds(key.ExpiresAt):O}.");
        }
        return new(false, null, null, "The key is empty.");
    }
}
