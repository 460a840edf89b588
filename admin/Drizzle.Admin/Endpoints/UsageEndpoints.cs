using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <summary>What was used, summed over what is absent here.</summary>
/// <param name="Day">In UTC.</param>
/// <param name="Consumer">Empty for requests of none.</param>
/// <param name="Service">Empty, with the route, for requests that were refused before one was found.</param>
/// <param name="Refused">Of the requests, those that the gateway answered itself with a status of 4xx.</param>
/// <param name="Errors">Of the requests, those that ended with a status of 5xx.</param>
/// <param name="BytesIn">Of request bodies.</param>
/// <param name="BytesOut">Of answers' bodies.</param>
/// <param name="UpstreamMs">Milliseconds spent on destinations.</param>
public sealed record UsageView(DateOnly? Day, string? Consumer, string? Service, string? Route, long Requests, long Refused, long Errors, long BytesIn, long BytesOut, long UpstreamMs);

internal static class UsageEndpoints
{
    private const int Most = 10_000;
    private const int UsualDays = 30;

    private static readonly string[] Known = ["day", "consumer", "service", "route"];

    public static void Map(RouteGroupBuilder knownTenant) => knownTenant.MapGet("/usage", ListAsync).WithTags("usage").Needs(AccessRole.Viewer).WithName("listUsage");

    /// <param name="from">First day, in UTC; by default 29 days ago.</param>
    /// <param name="to">Last day; by default today.</param>
    /// <param name="by">What rows are told apart by, with commas between: day, consumer, service, route. Default: day.</param>
    private static async Task<Results<Ok<UsageView[]>, Problem>> ListAsync(
        string tenant, DateOnly? from, DateOnly? to, string? by, string? consumer, string? service, string? route, int? most, IUsageLedger ledger, TimeProvider clock, CancellationToken cancellation)
    {
        var parts = (by ?? "day").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Except(Known).FirstOrDefault() is not null) return Problems.Invalid("by", $"by is any of {string.Join(", ", Known)}, with commas between.");
        if (most is < 1 or > Most) return Problems.NotWithin("most", Most);
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var query = new UsageQuery(
            tenant, from ?? (to ?? today).AddDays(1 - UsualDays), to ?? today, consumer, service, route, parts.Contains("day"), parts.Contains("consumer"), parts.Contains("service"), parts.Contains("route"), most ?? 1000);
        return TypedResults.Ok((await ledger.ListAsync(query, cancellation)).Select(View).ToArray());
    }

    private static UsageView View(UsageRow row)
    {
        var counts = row.Counts;
        return new(row.Day, row.Consumer, row.Service, row.Route, counts.Requests, counts.Refused, counts.Errors, counts.BytesIn, counts.BytesOut, counts.UpstreamMicroseconds / 1000);
    }
}
