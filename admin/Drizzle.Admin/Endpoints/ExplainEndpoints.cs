using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Contracts.Explaining;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <summary>What would become of a request.</summary>
internal static class ExplainEndpoints
{
    public static void Map(RouteGroupBuilder tenantGroup) => tenantGroup.MapPost("/explain", ExplainAsync).WithMetadata(new BodyLimit(256 * 1024)).WithTags("explain").Needs(AccessRole.Viewer).WithName("explain");

    private static async Task<Results<Ok<Explanation>, Problem>> ExplainAsync(
        string tenant, Body<ExplainRequest> body, IExplainer explainer, IConfigStore store, HttpContext context, CancellationToken cancellation)
    {
        if (body.Value is not { } request) return Problems.Form(body.Errors);
        // Trying costs as much as writing does.
        if (request.Policies.Count > 0 && Caller.Of(context).Role < AccessRole.Editor) return Problems.Forbidden("To try policies wants the role editor.");
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            if (await explainer.ExplainAsync(tenant, request, Caller.Of(context).IsPlatformOwner, cancellation) is { } explanation) return TypedResults.Ok(explanation);
            return await store.ReadTenantAsync(tenant, cancellation) is null
                ? Problems.Missing("tenant", tenant)
                : Problems.Engine($"The edge does not have tenant '{tenant}' in force; 'drizzle status' says what it refused and why.");
        }
        catch (FormatException e)
        {
            var (path, message) = e.Message.Split(": ", 2) is [var field, var rest] ? (field, rest) : ("", e.Message);
            return Problems.Invalid(path, message);
        }
    }
}
