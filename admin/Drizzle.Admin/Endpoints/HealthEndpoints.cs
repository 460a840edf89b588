using Drizzle.Admin.Http;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

public sealed record HealthAnswer(string Status);

/// <summary>Whether the process runs, and whether its store answers.</summary>
internal static class HealthEndpoints
{
    public static void Map(RouteGroupBuilder open)
    {
        open.MapGet("/healthz", () => TypedResults.Ok(new HealthAnswer("alive"))).WithTags("health");
        open.MapGet("/readyz", ReadyAsync).WithTags("health");
    }

    private static async Task<Results<Ok<HealthAnswer>, Problem>> ReadyAsync(IConfigStore store, CancellationToken cancellation)
    {
        _ = await store.PositionAsync(cancellation);
        return TypedResults.Ok(new HealthAnswer("ready"));
    }
}
