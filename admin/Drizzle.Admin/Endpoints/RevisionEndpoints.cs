using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Admin.Receipts;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <param name="Scope">The tenant's slug, or <c>platform</c>.</param>
/// <param name="Actor">The token's name, with its tenant before it where it is a tenant's.</param>
/// <param name="Address">From where.</param>
public sealed record RevisionView(long Revision, string Scope, bool IsDeletion, string Actor, string? Address, DateTimeOffset At, string? Reason);

/// <summary>Who changed what, from where, when and why.</summary>
internal static class RevisionEndpoints
{
    private const int Most = 1000;
    private const int Usual = 50;
    private const string Platform = "platform";

    public static void Map(RouteGroupBuilder v1)
    {
        var revisions = v1.MapGroup("/revisions").WithTags("revisions");
        revisions.MapGet("", ListAsync).ForEveryCaller().WithName("listRevisions");
        revisions.MapGet("/{revision}/receipt", ReceiptAsync).ForEveryCaller().WithName("getReceipt");
    }

    private static async Task<Results<Ok<RevisionView[]>, Problem>> ListAsync(string? tenant, long? before, int? limit, HttpContext context, IConfigStore store, CancellationToken cancellation)
    {
        if (limit is < 1 or > Most) return Problems.BadRequest(400, $"limit is 1 to {Most}.");
        var caller = Caller.Of(context);
        // A tenant's caller sees its tenant's, and asks in vain for another's.
        if (tenant is not null && !caller.MaySee(tenant)) return Problems.Missing("tenant", tenant);
        var scope = tenant == Platform ? "" : tenant ?? caller.Tenant;
        var birth = caller.Tenant is { } own ? await HistoryEndpoints.BirthAsync(own, caller, store, cancellation) : 0;
        var entries = await store.ListRevisionsAsync(scope, before ?? long.MaxValue, limit ?? Usual, cancellation);
        return TypedResults.Ok(entries.Where(e => e.Revision > birth).Select(e => new RevisionView(e.Revision, e.Scope.Length == 0 ? Platform : e.Scope, e.IsDeletion, e.Actor, e.Address, e.At, e.Reason)).ToArray());
    }

    /// <summary>Waits for the edges as a write with <c>wait=applied</c> does, for who has written several.</summary>
    private static async Task<Results<Ok<Receipt>, Problem>> ReceiptAsync(long revision, HttpContext context, IConfigStore store, ReceiptDesk desk, CancellationToken cancellation)
    {
        var entry = await store.ListRevisionsAsync(Caller.Of(context).Tenant, revision + 1, 1, cancellation);
        if (entry is not [var found] || found.Revision != revision) return Problems.Missing("revision", $"{revision}");
        return TypedResults.Ok(await desk.WaitAsync(revision, ReceiptFilter.PatienceOf(context.Request), cancellation));
    }
}
