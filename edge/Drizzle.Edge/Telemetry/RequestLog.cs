using System.Buffers;
using Drizzle.Contracts.Usage;
using Drizzle.Edge.Access;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Usage;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Telemetry;

/// <summary>Counts and logs every request, refused ones too. Usage is what tenants are told; metrics are the operator's.</summary>
internal sealed class RequestLog(EdgeMetrics metrics, UsageDesk usage, AccessLog? accessLog, TimeProvider clock)
{
    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    public void Ended(Exchange exchange)
    {
        var http = exchange.Http;
        var duration = clock.GetElapsedTime(exchange.StartedAt);
        var status = http.Response.StatusCode;
        metrics.RequestEnded(exchange.Route?.Metrics, http.Request.Method, status, duration, exchange.UpstreamTime);
        if (exchange.Tenant is { } tenant) usage.Count(NameOf(exchange, tenant), CountsOf(exchange, status));
        accessLog?.Add(new AccessLogEntry(
            clock.GetUtcNow(), exchange.RequestId, TraceId(http.Request.Headers["traceparent"]), exchange.Tenant?.Slug, exchange.Route?.Upstream.Model.Slug, exchange.Route?.Name,
            exchange.Consumer?.Name, exchange.Caller?.Name, exchange.Client.Text, http.Request.Method, exchange.Host, exchange.Path, status,
            exchange.BytesIn, exchange.BytesOut, duration.TotalMilliseconds, exchange.UpstreamTime.TotalMilliseconds,
            exchange.Destination?.Prefix, DecisionOn(exchange, status), PolicyNames.Of(exchange.Policies), PolicyNames.Of(exchange.Shadow)));
    }

    private static string DecisionOn(Exchange exchange, int status) =>
        exchange.Refusal?.Kind ?? (status == StatusCodes.Status308PermanentRedirect && exchange.Destination is null ? "redirected" : "forwarded");

    private static UsageName NameOf(Exchange exchange, TenantSnapshot tenant) =>
        new(tenant.Slug, exchange.Consumer?.Name ?? "", exchange.Route?.Upstream.Model.Slug ?? "", exchange.Route?.Name ?? "");

    private static UsageCounts CountsOf(Exchange exchange, int status) => new(
        1, exchange.Refusal is { Status: >= 400 and < 500 } ? 1 : 0, status >= 500 ? 1 : 0, exchange.BytesIn, exchange.BytesOut, (long)exchange.UpstreamTime.TotalMicroseconds);

    /// <summary>W3C trace context: version, trace id, parent id and flags.</summary>
    private static string? TraceId(Microsoft.Extensions.Primitives.StringValues traceparent) =>
        traceparent is [{ Length: 55 } text] && text.AsSpan(3, 32).IndexOfAnyExcept(Hexadecimal) < 0 ? text.Substring(3, 32) : null;
}
