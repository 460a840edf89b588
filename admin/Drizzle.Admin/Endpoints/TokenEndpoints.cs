using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Admin.Writing;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Validation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <summary>What is asked for.</summary>
public sealed record NewToken
{
    /// <summary>Unique; shown in the history.</summary>
    public required string Name { get; init; }
}

/// <summary>A token as it is listed.</summary>
public sealed record TokenView(string Name, DateTimeOffset CreatedAt);

/// <param name="Token">The token itself: this answer is the only sight of it.</param>
public sealed record CreatedToken(string Token, string Name, DateTimeOffset CreatedAt);

/// <summary>Who may use this API.</summary>
internal static class TokenEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        var tokens = v1.MapGroup("/tokens").WithTags("tokens");
        tokens.MapGet("", ListAsync);
        tokens.MapPost("", CreateAsync);
        tokens.MapDelete("/{name}", DeleteAsync);
    }

    private static async Task<Results<Ok<TokenView[]>, Problem>> ListAsync(IAccessTokens tokens, CancellationToken cancellation)
    {
        var all = await tokens.ListAsync(cancellation);
        return TypedResults.Ok(all.Select(t => new TokenView(t.Name, t.CreatedAt)).ToArray());
    }

    private static async Task<Results<Created<CreatedToken>, Problem>> CreateAsync(
        Body<NewToken> body, IAccessTokens tokens, TimeProvider clock, HttpResponse response, CancellationToken cancellation)
    {
        if (body.Value is not { } wanted) return Problems.Form(body.Errors);
        if (Names.NameError(wanted.Name) is { } error) return Problems.Invalid("name", error);
        var credential = Credentials.NewToken();
        var token = new AccessToken(wanted.Name, credential.Hash, clock.GetUtcNow());
        if (!await tokens.AddAsync(token, cancellation)) return Problems.Of(new WriteResult.Exists("token", token.Name));
        response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/v1/tokens/{token.Name}", new CreatedToken(credential.Text, token.Name, token.CreatedAt));
    }

    private static async Task<Results<NoContent, Problem>> DeleteAsync(string name, IAccessTokens tokens, CancellationToken cancellation)
    {
        if (await tokens.ListAsync(cancellation) is [var last] && last.Name == name) return Problems.LastToken();
        return await tokens.DeleteAsync(name, cancellation) ? TypedResults.NoContent() : Problems.Missing("token", name);
    }
}
