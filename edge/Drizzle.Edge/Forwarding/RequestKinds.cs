using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Drizzle.Edge.Forwarding;

/// <summary>What a request's head tells of how long it may last and whether it may be sent twice.</summary>
internal static class RequestKinds
{
    public static bool IsGrpc(HttpContext http) =>
        http.Request.Protocol == "HTTP/2" && http.Request.ContentType is { } type && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase);

    public static bool IsUpgrade(HttpContext http) =>
        http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } || http.Request.Method == "CONNECT";

    /// <summary>Upgrades, and event streams that the client announces.</summary>
    public static bool IsStreaming(HttpContext http) =>
        IsUpgrade(http) || (http.Request.Headers.Accept is [{ } accept] && accept.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase));

    /// <summary>Idempotent by RFC 9110, and without a body that would have to be sent again.</summary>
    public static bool IsRepeatable(HttpContext http) =>
        http.Request.Method is "GET" or "HEAD" or "OPTIONS" or "PUT" or "DELETE"
        && http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }
        && !IsUpgrade(http);
}
