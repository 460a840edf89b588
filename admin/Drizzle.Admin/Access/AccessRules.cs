using System.Text.Json;
using Drizzle.Admin.Http;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Access;

/// <summary>Lets through what the endpoint's rule allows its caller.</summary>
internal sealed class AccessRules(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (Refusal(context) is { } problem) await problem.ExecuteAsync(context);
        else await next(context);
    }

    private static Problem? Refusal(HttpContext context)
    {
        // What is no route of ours only says that a method is not taken here.
        if (context.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null) return null;
        var caller = Caller.Of(context);
        var tenant = context.GetRouteValue("tenant") as string;
        // The wall first: what a stranger may not know of is not there.
        if (tenant is not null && !caller.MaySee(tenant)) return Problems.Missing("tenant", tenant);
        return endpoint.Metadata.GetMetadata<AccessRule>() switch
        {
            null => Problems.Forbidden("Nobody may use this endpoint: it states no rule."),
            { Least: null } => null,
            { Least: AccessRole.PlatformOwner } => caller.IsPlatformOwner ? null : Problems.Forbidden("This is for the platform's owner."),
            { Least: { } least } => (caller.IsPlatformOwner || tenant is not null) && caller.Role >= least ? null : Problems.Forbidden($"This needs the role {Named(least)}; yours is {Named(caller.Role)}."),
        };
    }

    /// <summary>As the API writes it.</summary>
    private static string Named(AccessRole role) => JsonNamingPolicy.CamelCase.ConvertName(role.ToString());
}
