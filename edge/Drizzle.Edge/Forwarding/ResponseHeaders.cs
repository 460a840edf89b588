using Drizzle.Contracts.Model;
using Drizzle.Edge.Requests;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Forwarding;

/// <summary>The headers that every answer of ours carries, forwarded or refused.</summary>
internal static class ResponseHeaders
{
    public const string RequestId = "X-Request-Id";

    public static void Apply(Exchange exchange)
    {
        var headers = exchange.Http.Response.Headers;
        headers[RequestId] = exchange.RequestId;
        if (exchange.Limits is { Policy: { } policy } limits)
        {
            headers["RateLimit-Policy"] = policy;
            headers["RateLimit"] = limits.State;
            headers["X-RateLimit-Limit"] = limits.Limit;
            headers["X-RateLimit-Remaining"] = limits.Remaining;
            headers["X-RateLimit-Reset"] = limits.Reset;
        }
        if (exchange.Tenant?.Https.HstsFor(exchange) is { } hsts) headers.StrictTransportSecurity = hsts;
        exchange.Route?.Cors?.Apply(exchange.Http.Request, headers);
        if (exchange.AffinityCookie is { } cookie) headers.Append("Set-Cookie", cookie);
    }

    public static void Change(IHeaderDictionary headers, HeaderChanges changes)
    {
        foreach (var name in changes.Remove) headers.Remove(name);
        foreach (var (name, value) in changes.Set) headers[name] = value;
        foreach (var (name, value) in changes.Add) headers.Append(name, value);
    }
}
