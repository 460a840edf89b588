using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Admin.Writing;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Validation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <summary>Who wants a tenant, and to own it.</summary>
public sealed record Registration
{
    /// <summary>The new tenant's slug.</summary>
    public required string Tenant { get; init; }

    /// <summary>The name of its first user, its owner.</summary>
    public required string Name { get; init; }

    /// <summary>At least 12 characters.</summary>
    public required string Password { get; init; }
}

/// <param name="Open">Whether anybody may register a tenant.</param>
public sealed record RegistrationState(bool Open);

/// <summary>Lets strangers make a tenant of their own, without hosts, where the platform's owner has turned that on.</summary>
internal static class RegistrationEndpoints
{
    public static void Map(RouteGroupBuilder open)
    {
        var registration = open.MapGroup("/v1/registration").WithTags("session");
        registration.MapGet("", (AdminOptions options) => TypedResults.Ok(new RegistrationState(options.Registration))).WithName("getRegistration");
        registration.MapPost("", RegisterAsync).WithName("register");
    }

    private static async Task<Results<Ok<SessionView>, Problem>> RegisterAsync(
        Body<Registration> body, AdminOptions options, TenantWriter writer, IUsers users, Passwords passwords, LoginDesk desk, TimeProvider clock, HttpContext context)
    {
        if (!options.Registration) return Problems.Forbidden("Tenants are made by the platform's owner here.");
        if (BrowserSession.IsForeign(context.Request)) return Problems.Foreign();
        if (body.Value is not { } wanted) return Problems.Form(body.Errors);
        if (Names.SlugError(wanted.Tenant) is { } slugError) return Problems.Invalid("tenant", slugError);
        if (Names.UserNameError(wanted.Name) is { } nameError) return Problems.Invalid("name", nameError);
        if (Passwords.Error(wanted.Password) is { } error) return Problems.Invalid("password", error);
        var author = new ChangeAuthor(Caller.ActorOf(wanted.Tenant, Caller.UserActor(wanted.Name)), "Registered.", Caller.AddressOf(context));
        if (await desk.IsTooOftenAsync(new("", author.Actor, author.Address, AuditActions.RegistrationTried, wanted.Tenant), context)) return Problems.TooOften(context.Response);
        // Hashed before the tenant is there, so that what is left to do after it is one write.
        var hash = await passwords.HashAsync(wanted.Password, context.RequestAborted);
        var result = await writer.WriteAsync(wanted.Tenant, stored => stored is null
            ? new TenantEdit.Replace(new() { Tenant = new Tenant { Slug = wanted.Tenant } })
            : new TenantEdit.Refuse(new WriteResult.Exists("tenant", wanted.Tenant)), new(author, IsPlatformOwner: true), context.RequestAborted);
        if (result is not WriteResult.Done) return Problems.Of(result);
        // Not given up when its client leaves: a tenant without an owner would be nobody's.
        var owner = new User(wanted.Tenant, wanted.Name, AccessRole.Owner, hash, User.NewStamp(), clock.GetUtcNow());
        if (!await users.AddAsync(owner, author, CancellationToken.None)) return Problems.Of(new WriteResult.Exists("user", wanted.Name));
        var login = await desk.OpenAsync(owner, context);
        return login is LoginResult.Opened opened ? SessionEndpoints.Answer(opened, context) : Problems.Of(login, context.Response);
    }
}
