using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Admin.Writing;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <summary>What belongs to no tenant.</summary>
internal static class PlatformEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        var platform = v1.MapGroup("/platform").WithTags("platform");
        platform.MapGet("", GetAsync).Needs(AccessRole.PlatformOwner).WithName("getPlatform");
        platform.MapPut("", PutAsync).Needs(AccessRole.PlatformOwner).WithName("putPlatform");
    }

    private static async Task<Results<Ok<Platform>, Problem>> GetAsync(IConfigStore store, HttpResponse response, CancellationToken cancellation)
    {
        var stored = await store.ReadPlatformAsync(cancellation);
        response.Headers.ETag = Answers.TagOf(stored.Revision);
        return TypedResults.Ok(stored.Platform);
    }

    private static async Task<Results<Ok<ChangeAnswer>, Problem>> PutAsync(Body<Platform> body, Terms terms, PlatformWriter writer, HttpResponse response, CancellationToken cancellation)
    {
        if (body.Value is not { } platform) return Problems.Form(body.Errors);
        return Answers.Changed(await writer.WriteAsync(platform, terms.Value, cancellation), response);
    }
}
