using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Admin.Live;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <summary>What the edges see now: routes with requests, and how services fare.</summary>
internal static class TrafficEndpoints
{
    public static void Map(RouteGroupBuilder knownTenant)
    {
        knownTenant.MapGet("/traffic", ListRoutesAsync).WithTags("traffic").Needs(AccessRole.Viewer).WithName("listTraffic");
        knownTenant.MapGet("/health", ListServicesAsync).WithTags("traffic").Needs(AccessRole.Viewer).WithName("listHealth");
    }

    private static async Task<Results<Ok<RouteTrafficView[]>, Problem>> ListRoutesAsync(string tenant, ITraffic traffic, CancellationToken cancellation) =>
        TypedResults.Ok(TrafficViews.Routes(await traffic.ReadAsync(tenant, cancellation)));

    private static async Task<Results<Ok<ServiceHealthView[]>, Problem>> ListServicesAsync(string tenant, ITraffic traffic, CancellationToken cancellation) =>
        TypedResults.Ok(TrafficViews.Services(await traffic.ReadAsync(tenant, cancellation)));
}
