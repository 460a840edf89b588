using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Admin.Writing;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Validation;
using Drizzle.Contracts.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <summary>What is asked for.</summary>
public sealed record NewToken
{
    /// <summary>Unique within its tenant, or among the platform's; shown in the history.</summary>
    public required string Name { get; init; }

    /// <summary>For a tenant's token: what it may do there. A token of the platform may do everything.</summary>
    public AccessRole? Role { get; init; }

    /// <summary>How long it is good for. For ever when absent.</summary>
    public Duration? ExpiresIn { get; init; }
}

/// <summary>A token as it is listed.</summary>
/// <param name="Tenant">The one tenant that it is for; absent for the platform's.</param>
/// <param name="LastUsedAt">To the minute.</param>
public sealed record TokenView(string Name, string? Tenant, AccessRole Role, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt);

/// <param name="Token">The token itself: this answer is the only sight of it.</param>
public sealed record CreatedToken(string Token, string Name, string? Tenant, AccessRole Role, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

/// <summary>Who may use this API.</summary>
internal static class TokenEndpoints
{
    private const string Platform = "";

    public static void Map(RouteGroupBuilder v1, RouteGroupBuilder tenantGroup)
    {
        var platform = v1.MapGroup("/tokens").WithTags("tokens");
        platform.MapGet("", (ListQuery query, IAccessTokens tokens, HttpContext context) => ListAsync(Platform, query, tokens, context)).Needs(AccessRole.PlatformOwner).WithName("listTokens");
        platform.MapPost("", (Body<NewToken> body, IAccessTokens tokens, TimeProvider clock, HttpContext context, CancellationToken cancellation) =>
            CreateAsync(Platform, "/v1/tokens", body, tokens, clock, context, cancellation)).Needs(AccessRole.PlatformOwner).WithName("createToken");
        platform.MapDelete("/{name}", DeletePlatformAsync).Needs(AccessRole.PlatformOwner).WithName("deleteToken");
        var own = tenantGroup.MapGroup("/tokens").WithTags("tokens");
        own.MapGet("", (string tenant, ListQuery query, IAccessTokens tokens, HttpContext context) => ListAsync(tenant, query, tokens, context)).Needs(AccessRole.Owner).WithName("listTenantTokens");
        own.MapPost("", CreateInTenantAsync).Needs(AccessRole.Owner).WithName("createTenantToken");
        own.MapDelete("/{name}", (string tenant, string name, IAccessTokens tokens, HttpContext context, CancellationToken cancellation) => DeleteAsync(tenant, name, tokens, context, cancellation)).Needs(AccessRole.Owner).WithName("deleteTenantToken");
    }

    private static async Task<Ok<TokenView[]>> ListAsync(string scope, ListQuery query, IAccessTokens tokens, HttpContext context) => TypedResults.Ok(
        query.Apply((await tokens.ListAsync(scope, context.RequestAborted)).Select(t => new TokenView(t.Name, Scopes.TenantOf(t.Scope), t.Role, t.CreatedAt, t.ExpiresAt, t.LastUsedAt)), context));

    private static async Task<Results<Created<CreatedToken>, Problem>> CreateInTenantAsync(
        string tenant, Body<NewToken> body, IConfigStore store, IAccessTokens tokens, TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        // Whoever makes a tenant of this name later must not inherit a token.
        if (await store.ReadTenantAsync(tenant, cancellation) is null) return Problems.Missing("tenant", tenant);
        return await CreateAsync(tenant, $"/v1/tenants/{tenant}/tokens", body, tokens, clock, context, cancellation);
    }

    private static async Task<Results<Created<CreatedToken>, Problem>> CreateAsync(
        string scope, string path, Body<NewToken> body, IAccessTokens tokens, TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        if (body.Value is not { } wanted) return Problems.Form(body.Errors);
        if (Names.NameError(wanted.Name) is { } error) return Problems.Invalid("name", error);
        if (wanted.ExpiresIn is { } expiresIn && expiresIn.Value <= TimeSpan.Zero) return Problems.Invalid("expiresIn", "A token lasts longer than nothing.");
        var role = wanted.Role ?? Scopes.UsualRole(scope);
        if (!Scopes.Allows(scope, role)) return Problems.Invalid("role", scope.Length == 0 ? "A token of the platform is its owner's; for less, make one in a tenant." : "A tenant's token is viewer, editor or owner.");
        var credential = Credentials.NewToken();
        var now = clock.GetUtcNow();
        var token = new AccessToken(scope, wanted.Name, credential.Hash, role, now, now + wanted.ExpiresIn?.Value);
        if (!await tokens.AddAsync(token, Caller.AuthorOf(context), cancellation)) return Problems.Of(new WriteResult.Exists("token", token.Name));
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"{path}/{token.Name}", new CreatedToken(credential.Text, token.Name, Scopes.TenantOf(token.Scope), token.Role, token.CreatedAt, token.ExpiresAt));
    }

    private static async Task<Results<NoContent, Problem>> DeletePlatformAsync(string name, IAccessTokens tokens, HttpContext context, CancellationToken cancellation)
    {
        // One that expires is none to be left with.
        var all = await tokens.ListAsync(Platform, cancellation);
        if (all.Any(t => t.Name == name) && !all.Any(t => t.Name != name && t.ExpiresAt is null)) return Problems.LastToken();
        return await DeleteAsync(Platform, name, tokens, context, cancellation);
    }

    private static async Task<Results<NoContent, Problem>> DeleteAsync(string scope, string name, IAccessTokens tokens, HttpContext context, CancellationToken cancellation) =>
        await tokens.DeleteAsync(scope, name, Caller.AuthorOf(context), cancellation) ? TypedResults.NoContent() : Problems.Missing("token", name);
}
