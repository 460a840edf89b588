using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Drizzle.Edge.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Drizzle.Edge.Requests;

/// <summary>Writes every refusal, as RFC 9457 problem details.</summary>
internal static class Problems
{
    public static Task WriteAsync(Exchange exchange, Refusal refusal)
    {
        exchange.Refusal = refusal;
        var response = exchange.Http.Response;
        if (response.HasStarted) return Task.CompletedTask;
        response.Clear();
        response.StatusCode = refusal.Status;
        ResponseHeaders.Apply(exchange);
        if (refusal.RetryAfterSeconds > 0) response.Headers.RetryAfter = refusal.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        if (refusal.Challenge is { } challenge) response.Headers.WWWAuthenticate = challenge;
        if (refusal.ClosesConnection && !HttpProtocol.IsHttp2(exchange.Http.Request.Protocol)) response.Headers.Connection = "close";
        response.Headers.CacheControl = "no-store";
        var body = JsonSerializer.SerializeToUtf8Bytes(ProblemBody.Of(exchange, refusal), ProblemJson.Default.ProblemBody);
        response.Headers[HeaderNames.ContentType] = "application/problem+json";
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(exchange.Http.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }
}

internal sealed record ProblemBody(string Type, string Title, int Status, string Detail, string Instance, string? Tenant, string? Route, string? Policy, string? Limit, long? Revision)
{
    public static ProblemBody Of(Exchange exchange, Refusal refusal) => new(
        "urn:drizzle:" + refusal.Kind, refusal.Title, refusal.Status, refusal.Detail, exchange.RequestId,
        exchange.Tenant?.Slug, exchange.Route?.Name, refusal.Policy, refusal.Limit, exchange.Tenant?.Revision);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ProblemJson : JsonSerializerContext;
