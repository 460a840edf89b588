using Drizzle.Admin.Http;
using Drizzle.Admin.Receipts;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <param name="Scope">The tenant's slug, or <c>platform</c>.</param>
public sealed record RevisionView(long Revision, string Scope, bool IsDeletion, string Actor, DateTimeOffset At, string? Reason);

/// <summary>Who changed what, when and why.</summary>
internal static class RevisionEndpoints
{
    private const int Most = 1000;
    private const int Usual = 50;
    private const string Platform = "platform";

    public static void Map(RouteGroupBuilder v1)
    {
        var revisions = v1.MapGroup("/revisions").WithTags("revisions");
        revisions.MapGet("", ListAsync);
        revisions.MapGet("/{revision}/receipt", ReceiptAsync);
    }

    /// <summary>Waits for the edges as a write with <c>wait=applied</c> does, for who has written several.</summary>
    private static async Task<Results<Ok<Receipt>, Problem>> ReceiptAsync(long revision, HttpRequest request, IConfigStore store, ReceiptDesk desk, CancellationToken cancellation)
    {
        var newest = await store.PositionAsync(cancellation);
        if (revision < 0 || revision > newest.Revision) return Problems.Missing("revision", $"{revision}");
        return TypedResults.Ok(await desk.WaitAsync(revision, ReceiptFilter.PatienceOf(request), cancellation));
    }

    private static async Task<Results<Ok<RevisionView[]>, Problem>> ListAsync(string? tenant, int? limit, IConfigStore store, CancellationToken cancellation)
    {
        if (limit is < 1 or > Most) return Problems.BadRequest(400, $"limit is 1 to {Most}.");
        var scope = tenant == Platform ? "" : tenant;
        var entries = await store.ListRevisionsAsync(scope, limit ?? Usual, cancellation);
        return TypedResults.Ok(entries.Select(e => new RevisionView(e.Revision, e.Scope.Length == 0 ? Platform : e.Scope, e.IsDeletion, e.Actor, e.At, e.Reason)).ToArray());
    }
}
