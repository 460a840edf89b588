using System.Globalization;
using Drizzle.Contracts.Model;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Access;

/// <summary>Answers browsers for one route; what the upstream says of origins is replaced.</summary>
internal sealed class CorsRules(Cors cors, RouteMatch match)
{
    private readonly HashSet<string> _origins = [.. cors.Origins];
    private readonly bool _isOpen = cors.Origins.Contains("*");
    private readonly string _methods = string.Join(", ", cors.Methods.Count > 0 ? cors.Methods : match.Methods.Count > 0 ? match.Methods : ["GET", "HEAD", "POST"]);
    private readonly string _headers = string.Join(", ", cors.Headers);
    private readonly string _exposed = string.Join(", ", cors.ExposedHeaders);
    private readonly string _maxAge = ((long)(cors.MaxAge?.Value ?? Defaults.CorsMaxAge).TotalSeconds).ToString(CultureInfo.InvariantCulture);

    public static bool IsPreflight(HttpRequest request) =>
        request.Method == "OPTIONS" && request.Headers.Origin.Count == 1 && request.Headers.AccessControlRequestMethod.Count == 1;

    /// <summary>The answer to a preflight; an origin that is not allowed gets one without permission.</summary>
    public void AnswerPreflight(HttpRequest request, HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status204NoContent;
        if (!Apply(request, response.Headers)) return;
        response.Headers.AccessControlAllowMethods = _methods;
        response.Headers.AccessControlAllowHeaders = _headers.Length > 0 ? _headers : request.Headers.AccessControlRequestHeaders;
        response.Headers.AccessControlMaxAge = _maxAge;
    }

    /// <returns>Whether the request's origin is allowed.</returns>
    public bool Apply(HttpRequest request, IHeaderDictionary response)
    {
        response.Remove("Access-Control-Allow-Origin");
        response.Remove("Access-Control-Allow-Credentials");
        response.Remove("Access-Control-Expose-Headers");
        if (!_isOpen) response.AppendCommaSeparatedValues("Vary", "Origin");
        if (request.Headers.Origin is not [{ } origin] || !(_isOpen || _origins.Contains(origin))) return false;
        response.AccessControlAllowOrigin = _isOpen ? "*" : origin;
        if (cors.Credentials) response.AccessControlAllowCredentials = "true";
        if (_exposed.Length > 0) response.AccessControlExposeHeaders = _exposed;
        return true;
    }
}
