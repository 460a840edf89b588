using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <summary>A quota's count in the window that holds now. Those that nobody used are not listed.</summary>
/// <param name="Quota">With its plan, such as <c>plan:starter/monthly</c>.</param>
/// <param name="Subject">The values that it counts by, such as a consumer's name.</param>
/// <param name="Amount">Requests in the window, what was granted by hand included.</param>
/// <param name="Used">As edges said last, a second ago or so.</param>
/// <param name="Reserved">What edges have in hand beyond that.</param>
/// <param name="Left">What nobody has.</param>
public sealed record QuotaView(string Quota, string Subject, DateTimeOffset From, DateTimeOffset Until, long Amount, long Used, long Reserved, long Left);

/// <param name="Id">Greater than of those before it; <c>?before=</c> takes it.</param>
/// <param name="Object">What it happened to, such as <c>plan:starter/monthly</c>.</param>
/// <param name="Subject">For whom, such as a consumer's name.</param>
public sealed record EventView(long Id, DateTimeOffset At, string Kind, string Object, string Subject, string Detail);

/// <summary>What is used of quotas, and the events that tell of it.</summary>
internal static class QuotaEndpoints
{
    private const int Usual = 100;

    /// <summary>The most that one answer lists.</summary>
    public const int Most = 1000;


    public static void Map(RouteGroupBuilder knownTenant)
    {
        knownTenant.MapGet("/quotas", ListAsync).WithTags("limits").Needs(AccessRole.Viewer).WithName("listQuotas");
        knownTenant.MapGet("/events", ListEventsAsync).WithTags("events").Needs(AccessRole.Viewer).WithName("listEvents");
    }

    private static async Task<Results<Ok<QuotaView[]>, Problem>> ListAsync(string tenant, string? quota, string? subject, int? most, IQuotaLedger ledger, TimeProvider clock, CancellationToken cancellation)
    {
        if (most is < 1 or > Most) return Problems.NotWithin("most", Most);
        return TypedResults.Ok(await ReadAsync(ledger, new(tenant, quota, subject, clock.GetUtcNow().ToUnixTimeSeconds(), most ?? Usual), cancellation));
    }

    /// <exception cref="EngineException">The ledger does not answer.</exception>
    public static async Task<QuotaView[]> ReadAsync(IQuotaLedger ledger, QuotaQuery query, CancellationToken cancellation) => [.. (await ledger.ListAsync(query, cancellation)).Select(View)];

    private static async Task<Results<Ok<EventView[]>, Problem>> ListEventsAsync(string tenant, long? before, int? limit, IEventLog events, CancellationToken cancellation)
    {
        if (limit is < 1 or > Most) return Problems.NotWithin("limit", Most);
        var found = await events.ListAsync(tenant, before ?? long.MaxValue, limit ?? Usual, cancellation);
        return TypedResults.Ok(found.Select(e => new EventView(e.Id, e.At, e.Kind, LimitNames.WithoutScope(e.Object), e.Subject, e.Detail)).ToArray());
    }

    private static QuotaView View(QuotaStatus status)
    {
        var totals = status.Totals;
        return new(
            LimitNames.WithoutScope(status.Quota.Quota), status.Quota.Subject, DateTimeOffset.FromUnixTimeSeconds(status.Quota.Window), DateTimeOffset.FromUnixTimeSeconds(status.EndsAt),
            totals.Amount + totals.Extra, totals.Spent, totals.Reserved - totals.Spent, totals.Left);
    }
}
