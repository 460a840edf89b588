using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <param name="Applied">The last revision that is in force there or was refused.</param>
/// <param name="Lag">Commits it has yet to apply; all of them where it follows another database.</param>
/// <param name="Live">Whether it was heard of lately; one that was not may still serve.</param>
/// <param name="Disputed">Whether two edges say that they are this one.</param>
public sealed record EdgeView(
    string Id, string Version, string Address, DateTimeOffset StartedAt, DateTimeOffset SeenAt, long Applied, long Lag, bool Live, bool Disputed, IReadOnlyList<RefusedRevision> Refused);

/// <param name="Revision">The store's current revision.</param>
public sealed record EdgesAnswer(string Epoch, long Revision, IReadOnlyList<EdgeView> Edges);

/// <summary>The edges, and how far each is.</summary>
internal static class EdgeEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        var edges = v1.MapGroup("/edges").WithTags("edges");
        edges.MapGet("", ListAsync).Needs(AccessRole.PlatformOwner).WithName("listEdges");
        edges.MapDelete("/{id}", ForgetAsync).Needs(AccessRole.PlatformOwner).WithName("deleteEdge");
    }

    /// <summary>For an edge that was lost and will not come back. One that does run is listed again with its next heartbeat.</summary>
    private static async Task<Results<NoContent, Problem>> ForgetAsync(string id, IEdgeRegistry registry, IAuditLog audit, HttpContext context, CancellationToken cancellation)
    {
        if (!(await registry.ListAsync(cancellation)).Any(e => e.Report.Id == id)) return Problems.Missing("edge", id);
        // First, so that nothing is done that is not written down.
        await audit.WriteAsync(new("", Caller.Of(context).Actor, Caller.AddressOf(context), AuditActions.EdgeForgotten, id), cancellation);
        return await registry.ForgetAsync(id, CancellationToken.None) ? TypedResults.NoContent() : Problems.Missing("edge", id);
    }

    private static async Task<Results<Ok<EdgesAnswer>, Problem>> ListAsync(IConfigStore store, IEdgeRegistry registry, CancellationToken cancellation) => TypedResults.Ok(await ReadAsync(store, registry, cancellation));

    /// <exception cref="EngineException">The store or the registry does not answer.</exception>
    public static async Task<EdgesAnswer> ReadAsync(IConfigStore store, IEdgeRegistry registry, CancellationToken cancellation)
    {
        // The edges first: what they have applied by then is not ahead of the position read after.
        var edges = await registry.ListAsync(cancellation);
        var position = await store.PositionAsync(cancellation);
        return new EdgesAnswer(position.Epoch, position.Revision, [.. edges.Select(e => View(e, position))]);
    }

    private static EdgeView View(EdgeStatus edge, ConfigPosition position)
    {
        var report = edge.Report;
        var lag = report.Applied.Epoch == position.Epoch ? Math.Max(0, position.Revision - report.Applied.Revision) : position.Revision;
        return new(report.Id, report.Version, report.Address, report.StartedAt, edge.SeenAt, report.Applied.Revision, lag, edge.IsLive, edge.IsDisputed, report.Refused);
    }
}
