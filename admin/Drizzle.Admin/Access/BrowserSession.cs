using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Drizzle.Contracts.Model;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Admin.Access;

/// <summary>
/// What a browser keeps of a login: a secret in a cookie that no script can read and no other site can send. A change wants a second value besides,
/// which only a script of our own pages can have read.
/// </summary>
/// <param name="Secret">256 random bits; known to the server by their hash.</param>
internal sealed record BrowserSession(string Secret)
{
    public const string CsrfHeader = "X-CSRF-Token";

    public string Hash => Credentials.HashOf(Secret);

    /// <summary>Follows from the secret, so that there is nothing to store.</summary>
    public string CsrfToken => Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.ASCII.GetBytes(Secret), "csrf"u8));

    public static BrowserSession New() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    /// <returns>Null where the request has none.</returns>
    public static BrowserSession? Of(HttpRequest request) => request.Cookies[NameFor(request)] is { Length: > 0 and <= 128 } secret ? new(secret) : null;

    /// <summary>Whether a request that changes something comes from a page of ours.</summary>
    public bool IsMeantBy(HttpRequest request) => request.Headers[CsrfHeader] is [{ } sent] && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.ASCII.GetBytes(CsrfToken));

    public void GiveTo(HttpContext context, DateTimeOffset expiresAt) => context.Response.Cookies.Append(NameFor(context.Request), Secret, Options(context.Request, expiresAt));

    public static void TakeFrom(HttpContext context) => context.Response.Cookies.Delete(NameFor(context.Request), Options(context.Request, null));

    /// <summary>Whether a browser says that another site makes this request.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ Length: > 0 } site]) return site is not ("same-origin" or "none");
        return request.Headers.Origin is [{ Length: > 0 } origin] && !(Uri.TryCreate(origin, UriKind.Absolute, out var url) && url.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>With the prefix, browsers take it over TLS alone and from this host alone.</summary>
    private static string NameFor(HttpRequest request) => request.IsHttps ? "__Host-" + Defaults.SessionCookie : Defaults.SessionCookie;

    private static CookieOptions Options(HttpRequest request, DateTimeOffset? expiresAt) => new() { HttpOnly = true, Secure = request.IsHttps, SameSite = SameSiteMode.Strict, Path = "/", Expires = expiresAt };
}
