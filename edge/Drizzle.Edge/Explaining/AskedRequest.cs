using System.Net;
using Drizzle.Contracts.Explaining;
using Drizzle.Contracts.Validation;
using Drizzle.Edge.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Drizzle.Edge.Explaining;

/// <summary>Makes of a request that is asked about what the pipeline's stages work on.</summary>
internal static class AskedRequest
{
    private const int MostHeaders = 100;
    private const int MostText = 32 * 1024;
    private const int MostUrl = 16 * 1024;

    /// <exception cref="FormatException">It is no request; the message says why.</exception>
    public static Exchange Of(ExplainRequest asked, TimeProvider clock)
    {
        if (asked.Url.Length > MostUrl) throw new FormatException("url: At most 16 KiB.");
        var (scheme, authority, target) = Split(asked.Url);
        var http = new DefaultHttpContext();
        var request = http.Request;
        request.Method = asked.Method ?? "GET";
        request.Scheme = scheme;
        request.Protocol = "HTTP/1.1";
        request.Headers.Host = authority;
        AddHeaders(request.Headers, asked);
        request.Path = new PathString(target.Split('?')[0]);
        request.QueryString = target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? new QueryString(target[at..]) : QueryString.Empty;
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        http.Connection.RemoteIpAddress = Address(asked.Address ?? "127.0.0.1");
        return new Exchange(http, ClientConnection.Of(http), "explain", clock.GetTimestamp());
    }

    private static (string Scheme, string Authority, string Target) Split(string url)
    {
        // As clients do, what stands after # is not sent.
        var sent = url.Split('#')[0];
        if (sent.StartsWith('/')) return ("http", "localhost", sent);
        var scheme = sent.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? "http" : sent.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? "https" : null;
        if (scheme is null) throw new FormatException("url: Expected http://…, https://… or a path such as /acme/orders.");
        var rest = sent[(scheme.Length + 3)..];
        var end = rest.AsSpan().IndexOfAny('/', '?');
        if (end < 0) return (scheme, rest, "/");
        return (scheme, rest[..end], rest[end] == '/' ? rest[end..] : "/" + rest[end..]);
    }

    private static void AddHeaders(IHeaderDictionary headers, ExplainRequest asked)
    {
        if (asked.Headers.Count > MostHeaders || asked.Headers.Sum(h => (long)h.Name.Length + h.Value.Length) > MostText) throw new FormatException("headers: At most 100, of 32 KiB together.");
        foreach (var header in asked.Headers)
        {
            var isFine = header.Name.Length > 0 && header.Name.All(Names.IsTokenCharacter) && !header.Value.Any(char.IsControl);
            if (!isFine) throw new FormatException("headers: A name has letters, digits and hyphens, a value no control characters.");
            if (header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase)) headers.Host = header.Value;
            else headers.Append(header.Name, header.Value);
        }
    }

    private static IPAddress Address(string text) => IPAddress.TryParse(text, out var address) ? address : throw new FormatException("address: Expected an IP address.");
}
