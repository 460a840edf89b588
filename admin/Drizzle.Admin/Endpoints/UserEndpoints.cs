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
public sealed record NewUser
{
    /// <summary>Unique within its tenant, or among the platform's; an address of mail will do.</summary>
    public required string Name { get; init; }

    /// <summary>For a tenant's user: what it may do there; default viewer. A user of the platform may do everything.</summary>
    public AccessRole? Role { get; init; }

    /// <summary>At least 12 characters. One is made, and answered once, when absent.</summary>
    public string? Password { get; init; }
}

/// <summary>What is to be changed of a user.</summary>
public sealed record UserChange
{
    /// <summary>What the user may do from now on.</summary>
    public required AccessRole Role { get; init; }
}

/// <summary>A new password for somebody else.</summary>
public sealed record PasswordReset
{
    /// <summary>At least 12 characters. One is made, and answered once, when absent.</summary>
    public string? Password { get; init; }
}

/// <summary>A user as it is listed.</summary>
/// <param name="Tenant">The one tenant whose user it is; absent for the platform's.</param>
public sealed record UserView(string Name, string? Tenant, AccessRole Role, DateTimeOffset CreatedAt, DateTimeOffset? LastLoginAt);

/// <param name="Password">Where it was made here: this answer is the only sight of it.</param>
public sealed record CreatedUser(string Name, string? Tenant, AccessRole Role, string? Password);

/// <param name="Password">Where it was made here: this answer is the only sight of it.</param>
public sealed record ResetPassword(string? Password);

/// <summary>The people who may use this API.</summary>
internal static class UserEndpoints
{
    private const string Platform = "";

    public static void Map(RouteGroupBuilder v1, RouteGroupBuilder tenantGroup)
    {
        Map(v1.MapGroup("/users"), AccessRole.PlatformOwner, "", _ => Platform);
        Map(tenantGroup.MapGroup("/users"), AccessRole.Owner, "Tenant", context => (string?)context.GetRouteValue("tenant") ?? throw new InvalidOperationException("The path names no tenant."));
    }

    /// <param name="scopeOf">The tenant that a request is about; empty for the platform.</param>
    private static void Map(RouteGroupBuilder group, AccessRole least, string label, Func<HttpContext, string> scopeOf)
    {
        var users = group.WithTags("users");
        users.MapGet("", (ListQuery query, IUsers all, HttpContext context) => ListAsync(scopeOf(context), query, all, context)).Needs(least).WithName($"list{label}Users");
        users.MapPost("", (Body<NewUser> body, IUsers all, Passwords passwords, TimeProvider clock, HttpContext context) =>
            CreateAsync(scopeOf(context), body, all, passwords, clock, context)).Needs(least).WithName($"create{label}User");
        users.MapPut("/{name}", (string name, Body<UserChange> body, IUsers all, HttpContext context) => PutAsync(scopeOf(context), name, body, all, context)).Needs(least).WithName($"put{label}User");
        users.MapPost("/{name}/password", (string name, Body<PasswordReset> body, IUsers all, Passwords passwords, HttpContext context) =>
            ResetAsync(scopeOf(context), name, body, all, passwords, context)).Needs(least).WithName($"reset{label}Password");
        users.MapDelete("/{name}", (string name, IUsers all, HttpContext context) => DeleteAsync(scopeOf(context), name, all, context)).Needs(least).WithName($"delete{label}User");
    }

    private static async Task<Ok<UserView[]>> ListAsync(string scope, ListQuery query, IUsers users, HttpContext context) => TypedResults.Ok(
        query.Apply((await users.ListAsync(scope, context.RequestAborted)).Select(u => new UserView(u.Name, Scopes.TenantOf(scope), u.Role, u.CreatedAt, u.LastLoginAt)), context));

    private static async Task<Results<Created<CreatedUser>, Problem>> CreateAsync(string scope, Body<NewUser> body, IUsers users, Passwords passwords, TimeProvider clock, HttpContext context)
    {
        if (body.Value is not { } wanted) return Problems.Form(body.Errors);
        var role = wanted.Role ?? Scopes.UsualRole(scope);
        if (Names.UserNameError(wanted.Name) is { } nameError) return Problems.Invalid("name", nameError);
        if (RoleError(scope, role) is { } roleError) return Problems.Invalid("role", roleError);
        if (wanted.Password is { } stated && Passwords.Error(stated) is { } error) return Problems.Invalid("password", error);
        var password = wanted.Password ?? Passwords.Generate();
        var user = new User(scope, wanted.Name, role, await passwords.HashAsync(password, context.RequestAborted), User.NewStamp(), clock.GetUtcNow());
        if (!await users.AddAsync(user, Caller.AuthorOf(context), context.RequestAborted)) return await WhyNotAsync(scope, user.Name, users, context);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"{context.Request.Path}/{user.Name}", new CreatedUser(user.Name, Scopes.TenantOf(scope), role, wanted.Password is null ? password : null));
    }

    private static async Task<Results<NoContent, Problem>> PutAsync(string scope, string name, Body<UserChange> body, IUsers users, HttpContext context)
    {
        if (body.Value is not { } change) return Problems.Form(body.Errors);
        if (RoleError(scope, change.Role) is { } error) return Problems.Invalid("role", error);
        return await users.ChangeRoleAsync(scope, name, change.Role, Caller.AuthorOf(context), context.RequestAborted) ? TypedResults.NoContent() : Problems.Missing("user", name);
    }

    private static async Task<Results<Ok<ResetPassword>, Problem>> ResetAsync(string scope, string name, Body<PasswordReset> body, IUsers users, Passwords passwords, HttpContext context)
    {
        if (body.Value is not { } wanted) return Problems.Form(body.Errors);
        if (wanted.Password is { } stated && Passwords.Error(stated) is { } error) return Problems.Invalid("password", error);
        var password = wanted.Password ?? Passwords.Generate();
        var hash = await passwords.HashAsync(password, context.RequestAborted);
        if (!await users.ChangePasswordAsync(scope, name, hash, Caller.AuthorOf(context), context.RequestAborted)) return Problems.Missing("user", name);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new ResetPassword(wanted.Password is null ? password : null));
    }

    private static async Task<Results<NoContent, Problem>> DeleteAsync(string scope, string name, IUsers users, HttpContext context) =>
        await users.DeleteAsync(scope, name, Caller.AuthorOf(context), context.RequestAborted) ? TypedResults.NoContent() : Problems.Missing("user", name);

    private static async Task<Problem> WhyNotAsync(string scope, string name, IUsers users, HttpContext context) =>
        await users.FindAsync(scope, name, context.RequestAborted) is null ? Problems.Missing("tenant", scope) : Problems.Of(new WriteResult.Exists("user", name));

    private static string? RoleError(string scope, AccessRole role) => Scopes.Allows(scope, role)
        ? null
        : scope.Length == 0 ? "A user of the platform is its owner; for less, make one in a tenant." : "A tenant's user is viewer, editor or owner.";
}
