using System.Security.Cryptography;
using System.Text;
using Drizzle.Admin.Http;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Admin.Access;

/// <summary>Wants a bearer token for every endpoint that is not marked as open, and for all of <c>/v1</c>.</summary>
internal sealed class TokenAuthentication(RequestDelegate next, IAccessTokens tokens, TimeProvider clock)
{
    private const string Scheme = "Bearer ";

    /// <summary>How exactly it is kept when a token was used: a write for every request would be one too many.</summary>
    private static readonly TimeSpan Noted = TimeSpan.FromMinutes(1);

    public async Task InvokeAsync(HttpContext context)
    {
        if (IsOpen(context))
        {
            await next(context);
            return;
        }
        if (await FindAsync(context) is not { } token)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"drizzle\"";
            await Problems.Unauthenticated().ExecuteAsync(context);
            return;
        }
        context.Features.Set(new Caller(token.Name, token.Scope.Length == 0 ? null : token.Scope, token.Role));
        await next(context);
    }

    private static bool IsOpen(HttpContext context) => context.GetEndpoint() is { } endpoint
        ? endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
        : !context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase);

    private async ValueTask<AccessToken?> FindAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (header is not [{ } value] || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var hash = Credentials.HashOf(value[Scheme.Length..].Trim());
        var token = await tokens.FindAsync(hash, context.RequestAborted);
        if (token is null || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(token.Hash), Encoding.ASCII.GetBytes(hash))) return null;
        var now = clock.GetUtcNow();
        if (token.ExpiresAt <= now) return null;
        if (token.LastUsedAt is not { } used || now - used >= Noted) await tokens.UsedAsync(token.Hash, now, context.RequestAborted);
        return token;
    }
}
