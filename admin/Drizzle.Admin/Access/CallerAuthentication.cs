using System.Security.Cryptography;
using System.Text;
using Drizzle.Admin.Http;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Admin.Access;

/// <summary>Wants a bearer token or a login for every endpoint that is not marked as open, and for all of <c>/v1</c>.</summary>
internal sealed class CallerAuthentication(RequestDelegate next, IAccessTokens tokens, ILogins logins, TimeProvider clock)
{
    private const string Scheme = "Bearer ";

    /// <summary>How exactly it is kept when something was used: a write for every request would be one too many.</summary>
    private static readonly TimeSpan Noted = TimeSpan.FromMinutes(1);

    public async Task InvokeAsync(HttpContext context)
    {
        if (IsOpen(context))
        {
            await next(context);
            return;
        }
        var caller = context.Request.Headers.Authorization.Count > 0 ? await ByTokenAsync(context) : await BySessionAsync(context);
        if (caller is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"drizzle\"";
            await Problems.Unauthenticated().ExecuteAsync(context);
        }
        else if (caller.Session is { } session && IsChange(context.Request) && (BrowserSession.IsForeign(context.Request) || !session.IsMeantBy(context.Request)))
        {
            await Problems.Forbidden($"A change by a logged-in user wants the header {BrowserSession.CsrfHeader}, with the value that /v1/session answers.").ExecuteAsync(context);
        }
        else
        {
            context.Features.Set(caller);
            await next(context);
        }
    }

    private static bool IsOpen(HttpContext context) => context.GetEndpoint() is { } endpoint
        ? endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
        : !context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase);

    private static bool IsChange(HttpRequest request) => !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));

    private async ValueTask<Caller?> ByTokenAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (header is not [{ } value] || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var hash = Credentials.HashOf(value[Scheme.Length..].Trim());
        var token = await tokens.FindAsync(hash, context.RequestAborted);
        if (token is null || !IsSame(token.Hash, hash)) return null;
        var now = clock.GetUtcNow();
        if (token.ExpiresAt <= now) return null;
        if (token.LastUsedAt is not { } used || now - used >= Noted) await tokens.UsedAsync(token.Hash, now, context.RequestAborted);
        return new Caller(token.Name, Scopes.TenantOf(token.Scope), token.Role);
    }

    private async ValueTask<Caller?> BySessionAsync(HttpContext context)
    {
        if (BrowserSession.Of(context.Request) is not { } browser) return null;
        var hash = browser.Hash;
        if (await logins.FindAsync(hash, context.RequestAborted) is not { } live || !IsSame(live.Session.Hash, hash)) return null;
        var (now, session) = (clock.GetUtcNow(), live.Session);
        if (session.ExpiresAt <= now || now - session.LastUsedAt >= LoginDesk.SessionIdles) return null;
        if (now - session.LastUsedAt >= Noted) await logins.UsedAsync(hash, now, context.RequestAborted);
        return new Caller(session.Name, Scopes.TenantOf(session.Scope), live.Role, browser);
    }

    private static bool IsSame(string a, string b) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(a), Encoding.ASCII.GetBytes(b));
}
