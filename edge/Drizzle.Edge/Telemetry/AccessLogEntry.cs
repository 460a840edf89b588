using System.Globalization;
using System.Text.Json.Serialization;

namespace Drizzle.Edge.Telemetry;

/// <summary>One request in the access log. Holds no query, header or body, and never a credential.</summary>
/// <param name="Caller">The key's public part, <c>issuer/sub</c> of a token, or a name of the certificate.</param>
/// <param name="BytesIn">The body's length, as stated or as it came.</param>
/// <param name="BytesOut">Likewise of the answer.</param>
/// <param name="Policy">The policies that decided, by name.</param>
/// <param name="Shadow">The shadow policies that would apply.</param>
internal readonly record struct AccessLogEntry(
    DateTimeOffset Time, string RequestId, string? TraceId, string? Tenant, string? Service, string? Route, string? Consumer, string? Caller, string ClientIp,
    string Method, string Host, string Path, int Status, long? BytesIn, long? BytesOut, double DurationMs, double UpstreamMs, string? Upstream, string Decision,
    string? Policy, string? Shadow)
{
    /// <summary>The field of that name, as the JSON form names it; null where there is none.</summary>
    public string? Field(string name) => name switch
    {
        "time" => Time.ToString("O", CultureInfo.InvariantCulture),
        "request_id" => RequestId,
        "trace_id" => TraceId ?? "-",
        "tenant" => Tenant ?? "-",
        "service" => Service ?? "-",
        "route" => Route ?? "-",
        "consumer" => Consumer ?? "-",
        "caller" => Word(Caller),
        "client_ip" => ClientIp,
        "method" => Method,
        "host" => Host,
        "path" => Path,
        "status" => Status.ToString(CultureInfo.InvariantCulture),
        "bytes_in" => Count(BytesIn),
        "bytes_out" => Count(BytesOut),
        "duration_ms" => DurationMs.ToString("0.###", CultureInfo.InvariantCulture),
        "upstream_ms" => UpstreamMs.ToString("0.###", CultureInfo.InvariantCulture),
        "upstream" => Upstream ?? "-",
        "decision" => Decision,
        "policy" => Policy ?? "-",
        "shadow" => Shadow ?? "-",
        _ => null,
    };

    /// <summary>Whoever calls has a say in it, and a template has no quotes.</summary>
    private static string Word(string? text) => text is null ? "-" : string.Concat(text.Select(c => char.IsWhiteSpace(c) || c is '"' or '\'' ? '_' : c));

    private static string Count(long? bytes) => bytes?.ToString(CultureInfo.InvariantCulture) ?? "-";
}

internal sealed record DroppedLines(DateTimeOffset Time, long Dropped);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccessLogEntry))]
[JsonSerializable(typeof(DroppedLines))]
internal sealed partial class AccessLogJson : JsonSerializerContext;
