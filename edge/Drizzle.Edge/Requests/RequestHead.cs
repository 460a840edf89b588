using System.Buffers;
using System.Net;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Drizzle.Edge.Requests;

/// <summary>
/// Judges what Kestrel lets through: a message that a destination could read differently goes no further. Then works out the one
/// form of host, path and query that later stages use.
/// </summary>
internal static class RequestHead
{
    private const int LongestClientId = 128;

    private static readonly SearchValues<char> MethodCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ-_0123456789");
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");
    private static readonly SearchValues<char> QueryCharacters = SearchValues.Create(string.Concat(Enumerable.Range('!', 0x7F - '!').Select(i => (char)i).Where(c => c != '#')));

    private static readonly Refusal Method = Refusal.BadRequest("The method is not one that is forwarded; methods are written in upper case.");
    private static readonly Refusal Framing = Refusal.BadRequest("The length of the body is stated in more than one way, or in a way that is not understood.");
    private static readonly Refusal Target = Refusal.BadRequest("The request target is not a path, or not one that is forwarded.");
    private static readonly Refusal HostName = Refusal.BadRequest("The Host header is missing or is not a host.");
    private static readonly Refusal ClientId = Refusal.BadRequest($"{Defaults.ClientIdHeader} is one value of at most {LongestClientId} printable ASCII characters.");
    private static readonly Refusal Path = Refusal.BadRequest("The path is not valid, or holds an encoded control character.");

    /// <returns>Null, or why the request is refused.</returns>
    public static Refusal? Check(Exchange exchange)
    {
        var request = exchange.Http.Request;
        if (!IsForwardableMethod(exchange.Http)) return Method;
        if (!IsFramingClear(request)) return Framing;
        if (!IsClientIdClear(request)) return ClientId;
        exchange.Scheme = request.Scheme;
        if (request.Headers.Host is not [{ Length: > 0 } authority] || exchange.Connection.HostOf(authority) is not { } host) return HostName;
        exchange.Authority = authority;
        exchange.Host = host;
        return ReadTarget(exchange);
    }

    private static bool IsForwardableMethod(HttpContext http)
    {
        var method = http.Request.Method;
        if (method == "GET") return true;
        if (method is "CONNECT") return http.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true;
        return method != "TRACE" && method.Length <= 32 && method.AsSpan().IndexOfAnyExcept(MethodCharacters) < 0;
    }

    private static bool IsFramingClear(HttpRequest request)
    {
        var encoding = request.Headers.TransferEncoding;
        if (encoding.Count == 0) return true;
        // Kestrel renames a Content-Length that stands beside a Transfer-Encoding.
        return encoding is [{ } only]
            && only.Equals("chunked", StringComparison.OrdinalIgnoreCase)
            && request.Protocol != "HTTP/1.0"
            && request.ContentLength is null
            && !request.Headers.ContainsKey("X-Content-Length");
    }

    /// <summary>Limits count by it.</summary>
    private static bool IsClientIdClear(HttpRequest request) =>
        !request.Headers.TryGetValue(Defaults.ClientIdHeader, out var values) || (values is [{ Length: <= LongestClientId } id] && id.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0);

    /// <returns>Lower case and without port or final dot; null where there is none.</returns>
    public static string? ReadHost(string text)
    {
        var isIPv6 = text[0] == '[';
        var end = isIPv6 ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        var name = end < 0 ? text : text[..end];
        var port = end < 0 ? "" : text.AsSpan(end);
        if (port.Length > 0 && (port[0] != ':' || port[1..].IndexOfAnyExceptInRange('0', '9') >= 0)) return null;
        if (isIPv6) return IPAddress.TryParse(name, out _) ? name.ToLowerInvariant() : null;
        if (name.EndsWith('.')) name = name[..^1];
        return name.Length == 0 || name.AsSpan().IndexOfAnyExcept(HostCharacters) >= 0 ? null : name.ToLowerInvariant();
    }

    private static Refusal? ReadTarget(Exchange exchange)
    {
        var target = exchange.Http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (target.Length > 0 && target[0] != '/')
        {
            if (FromAbsoluteForm(target) is not { } path) return Target;
            target = path;
        }
        var question = target.IndexOf('?', StringComparison.Ordinal);
        if (question >= 0)
        {
            exchange.Query = target[question..];
            if (exchange.Query.AsSpan().IndexOfAnyExcept(QueryCharacters) >= 0) return Target;
            target = target[..question];
        }
        if (NormalPath.TryNormalize(target, out var normal, out var isAmbiguous) != PathVerdict.Ok) return Path;
        exchange.Path = normal;
        exchange.IsPathAmbiguous = isAmbiguous;
        return null;
    }

    /// <summary>Kestrel has compared its authority with Host already.</summary>
    private static string? FromAbsoluteForm(string target)
    {
        const string Prefix = "http://";
        if (!target.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return null;
        var authorityEnd = target.AsSpan(Prefix.Length).IndexOfAny('/', '?');
        var authority = authorityEnd < 0 ? target.AsSpan(Prefix.Length) : target.AsSpan(Prefix.Length, authorityEnd);
        if (authority.Contains('@')) return null;
        if (authorityEnd < 0) return "/";
        var rest = target[(Prefix.Length + authorityEnd)..];
        return rest[0] == '/' ? rest : "/" + rest;
    }
}
