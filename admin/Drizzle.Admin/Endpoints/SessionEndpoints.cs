using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <summary>Who wants to come in.</summary>
public sealed record Login
{
    /// <summary>The tenant whose user it is. The platform's users leave it out.</summary>
    public string? Tenant { get; init; }

    /// <summary>The user's name.</summary>
    public required string Name { get; init; }

    /// <summary>The user's password.</summary>
    public required string Password { get; init; }
}

/// <summary>A change of one's own password.</summary>
public sealed record PasswordChange
{
    /// <summary>The password until now.</summary>
    public required string Current { get; init; }

    /// <summary>The password from now on; it ends every session, this one too.</summary>
    public required string New { get; init; }
}

/// <summary>Who calls.</summary>
/// <param name="Tenant">The one tenant that it may use; absent for the platform's.</param>
/// <param name="IsUser">Whether it is a user who is logged in, and not a token.</param>
/// <param name="CsrfToken">For users: every change wants it as <c>X-CSRF-Token</c>.</param>
public sealed record SessionView(string Name, string? Tenant, AccessRole Role, bool IsUser, string? CsrfToken);

/// <summary>Login and logout.</summary>
internal static class SessionEndpoints
{
    public static void Map(RouteGroupBuilder open, RouteGroupBuilder v1)
    {
        open.MapPost("/v1/login", LoginAsync).WithTags("session").WithName("login");
        var session = v1.MapGroup("/session").WithTags("session");
        session.MapGet("", (HttpContext context) => TypedResults.Ok(ViewOf(Caller.Of(context)))).ForEveryCaller().WithName("getSession");
        session.MapDelete("", LogoutAsync).ForEveryCaller().WithName("logout");
        session.MapPut("/password", ChangePasswordAsync).WithMetadata(BodyLimit.Small).ForEveryCaller().WithName("changePassword");
    }

    /// <summary>The session of someone who has just come in.</summary>
    public static Ok<SessionView> Answer(LoginResult.Opened opened, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        opened.Session.GiveTo(context, opened.ExpiresAt);
        return TypedResults.Ok(ViewOf(new Caller(opened.User.Name, Scopes.TenantOf(opened.User.Scope), opened.User.Role, opened.Session)));
    }

    private static async Task<Results<Ok<SessionView>, Problem>> LoginAsync(Body<Login> body, LoginDesk desk, HttpContext context)
    {
        if (BrowserSession.IsForeign(context.Request)) return Problems.Foreign();
        if (body.Value is not { } login) return Problems.Form(body.Errors);
        if (login.Name.Length > Passwords.Longest || login.Password.Length > Passwords.Longest || login.Tenant?.Length > Passwords.Longest) return Problems.LoginRefused();
        var result = await desk.LoginAsync(login.Tenant ?? "", login.Name, login.Password, context);
        return result is LoginResult.Opened opened ? Answer(opened, context) : Problems.Of(result, context.Response);
    }

    private static async Task<NoContent> LogoutAsync(ILogins logins, HttpContext context, CancellationToken cancellation)
    {
        if (Caller.Of(context).Session is { } session) await logins.CloseAsync(session.Hash, cancellation);
        BrowserSession.TakeFrom(context);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, Problem>> ChangePasswordAsync(Body<PasswordChange> body, LoginDesk desk, Passwords passwords, IUsers users, HttpContext context, CancellationToken cancellation)
    {
        var caller = Caller.Of(context);
        if (body.Value is not { } change) return Problems.Form(body.Errors);
        if (caller.Session is null) return Problems.Forbidden("A token has no password.");
        if (Passwords.Error(change.New) is { } error) return Problems.Invalid("new", error);
        if (change.Current.Length > Passwords.Longest) return Problems.LoginRefused();
        if (await desk.ConfirmAsync(caller.Tenant ?? "", caller.Name, change.Current, context) is { } refused) return Problems.Of(refused, context.Response);
        await users.ChangePasswordAsync(caller.Tenant ?? "", caller.Name, await passwords.HashAsync(change.New, cancellation), Caller.AuthorOf(context), cancellation);
        BrowserSession.TakeFrom(context);
        return TypedResults.NoContent();
    }

    private static SessionView ViewOf(Caller caller) => new(caller.Name, caller.Tenant, caller.Role, caller.Session is not null, caller.Session?.CsrfToken);
}
