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
    public static void Map(RouteGroupBuilder tenantGroup) => tenantGroup.MapPost("/explain", ExplainAsync).WithTags("explain").Needs(AccessRole.Viewer).WithName("explain");

    private static async Task<Results<Ok<Explanation>, Problem>> ExplainAsync(string tenant, Body<ExplainRequest> body, IExplainer explainer, HttpResponse response, CancellationToken cancellation)
    {
        if (body.Value is not { } request) return Problems.Form(body.Errors);
        response.Headers.CacheControl = "no-store";
        try
        {
            return await explainer.ExplainAsync(tenant, request, cancellation) is { } explanation ? TypedResults.Ok(explanation) : Problems.Missing("tenant", tenant);
        }
        catch (FormatException e)
        {
            var (path, message) = e.Message.Split(": ", 2) is [var field, var rest] ? (field, rest) : ("", e.Message);
            return Problems.Invalid(path, message);
        }
    }
}
