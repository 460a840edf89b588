using Drizzle.Contracts.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Drizzle.Edge.Forwarding;

/// <summary>
/// Browsers send a cookie to every port of its host. Where somebody reaches the admin and the gateway by one host, an upstream must neither see nor set
/// the cookie of who is logged in to the admin.
/// </summary>
internal static class SessionCookies
{
    /// <summary>Takes it out of what goes upstream; other cookies stay as they were.</summary>
    public static void Remove(HttpContext http, HttpRequestMessage message)
    {
        var cookies = http.Request.Headers.Cookie;
        if (cookies.Count == 0 || !Mentions(cookies)) return;
        message.Headers.Remove("Cookie");
        var kept = string.Join("; ", cookies.SelectMany(line => (line ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Where(cookie => !Mentions(cookie)));
        if (kept.Length > 0) message.Headers.TryAddWithoutValidation("Cookie", kept);
    }

    /// <summary>Takes it out of what an upstream sets.</summary>
    public static void Remove(IHeaderDictionary answer)
    {
        var set = answer.SetCookie;
        if (set.Count > 0 && Mentions(set)) answer.SetCookie = set.Where(cookie => !Mentions(cookie)).ToArray();
    }

    private static bool Mentions(StringValues lines)
    {
        foreach (var line in lines)
        {
            if (Mentions(line)) return true;
        }
        return false;
    }

    private static bool Mentions(string? text) => text?.Contains(Defaults.SessionCookie, StringComparison.OrdinalIgnoreCase) == true;
}
