using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Admin.Live;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Drizzle.Admin.Endpoints;

/// <summary>What is looked at live, as server-sent events: one named after its topic every two seconds, or <c>away</c> where it cannot be read. A stream ends after a minute.</summary>
internal static class LiveEndpoints
{
    public static void Map(RouteGroupBuilder v1, RouteGroupBuilder knownTenant)
    {
        knownTenant.MapGet("/live", (string tenant, string? of, HttpContext context, LiveDesk desk, IHostApplicationLifetime life) => Follow(tenant, of, LiveSources.OfTenant, context, desk, life))
            .WithTags("live").Needs(AccessRole.Viewer).WithName("followTenant").Produces<TrafficView>(contentType: "text/event-stream");
        v1.MapGet("/live", (string? of, HttpContext context, LiveDesk desk, IHostApplicationLifetime life) => Follow(null, of, LiveSources.OfPlatform, context, desk, life))
            .WithTags("live").Needs(AccessRole.PlatformOwner).WithName("followPlatform").Produces<EdgesAnswer>(contentType: "text/event-stream");
    }

    /// <param name="of">Topics, with commas between; all when absent.</param>
    private static IResult Follow(string? tenant, string? of, string[] known, HttpContext context, LiveDesk desk, IHostApplicationLifetime life)
    {
        string[] topics = of is null ? known : [.. of.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
        if (topics.Length == 0 || topics.Except(known).Any()) return Problems.Invalid("of", $"of is any of {string.Join(", ", known)}, with commas between.");
        if (!desk.TryEnter(tenant)) return Problems.TooManyViews();
        context.Response.OnCompleted(() =>
        {
            desk.Leave(tenant);
            return Task.CompletedTask;
        });
        // Proxies that gather answers would hold the events back.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(desk.FollowAsync(tenant, topics, life.ApplicationStopping));
    }
}
