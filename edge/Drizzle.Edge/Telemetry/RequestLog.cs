using Drizzle.Edge.Requests;

namespace Drizzle.Edge.Telemetry;

/// <summary>Counts and logs every request, refused ones too.</summary>
internal sealed class RequestLog(EdgeMetrics metrics, AccessLog? accessLog, TimeProvider clock)
{
    public void Ended(Exchange exchange)
    {
        var http = exchange.Http;
        var duration = clock.GetElapsedTime(exchange.StartedAt);
        var status = http.Response.StatusCode;
        metrics.RequestEnded(exchange.Route?.Metrics, http.Request.Method, status, duration, exchange.UpstreamTime);
        accessLog?.Add(new AccessLogEntry(
            clock.GetUtcNow(), exchange.RequestId, TraceId(http.Request.Headers["traceparent"]), exchange.Tenant?.Slug, exchange.Route?.Upstream.Model.Slug, exchange.Route?.Name,
            exchange.Consumer?.Name, exchange.Client.Text, http.Request.Method, exchange.Host, exchange.Path, status,
            http.Request.ContentLength, http.Response.ContentLength, duration.TotalMilliseconds, exchange.UpstreamTime.TotalMilliseconds,
            exchange.Destination?.Prefix, exchange.Refusal?.Kind ?? "forwarded"));
    }

    /// <summary>W3C trace context: version, trace id, parent id and flags.</summary>
    private static string? TraceId(Microsoft.Extensions.Primitives.StringValues traceparent) =>
        traceparent is [{ Length: 55 } text] ? text.Substring(3, 32) : null;
}
