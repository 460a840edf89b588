using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Admin.Writing;
using Drizzle.Contracts.Editing;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <summary>What lies between two revisions.</summary>
/// <param name="From">The revision that held at the first.</param>
/// <param name="To">The revision that held at the second.</param>
public sealed record DiffAnswer(long From, long To, IReadOnlyList<ObjectChange> Changes);

/// <summary>What is asked for.</summary>
public sealed record RollbackTo
{
    /// <summary>The state of this revision is to hold again.</summary>
    public required long Revision { get; init; }
}

/// <summary>Compares what was with what is, and goes back by a new revision: history is only ever added to.</summary>
internal static class HistoryEndpoints
{
    private const int MostAtOnce = 1000;

    public static void Map(RouteGroupBuilder v1, RouteGroupBuilder tenantGroup)
    {
        tenantGroup.MapGet("/diff", DiffAsync).WithTags("revisions").Needs(AccessRole.Viewer).WithName("diffTenant");
        tenantGroup.MapPost("/rollback", RollbackAsync).WithTags("revisions").Needs(AccessRole.Editor).WithName("rollbackTenant");
        var platform = v1.MapGroup("/platform").WithTags("revisions");
        platform.MapGet("/diff", DiffPlatformAsync).Needs(AccessRole.PlatformOwner).WithName("diffPlatform");
        platform.MapPost("/rollback", RollbackPlatformAsync).Needs(AccessRole.PlatformOwner).WithName("rollbackPlatform");
    }

    private static async Task<Results<Ok<DiffAnswer>, Problem>> DiffAsync(string tenant, long from, long? to, HttpContext context, IConfigStore store, CancellationToken cancellation)
    {
        var birth = await BirthAsync(tenant, Caller.Of(context), store, cancellation);
        if (from <= birth || to <= birth) return Problems.Missing("revision of this tenant at", $"{from}");
        var before = await store.ReadTenantAtAsync(tenant, from, cancellation);
        var after = await store.ReadTenantAtAsync(tenant, to ?? long.MaxValue, cancellation);
        if (before is null && after is null) return Problems.Missing("tenant", tenant);
        return TypedResults.Ok(new DiffAnswer(before?.Revision ?? 0, after?.Revision ?? 0, TenantDiff.Between(before?.Document, after?.Document)));
    }

    private static async Task<Results<Ok<DiffAnswer>, Problem>> DiffPlatformAsync(long from, long? to, IConfigStore store, CancellationToken cancellation)
    {
        var before = await store.ReadPlatformAtAsync(from, cancellation);
        var after = await store.ReadPlatformAtAsync(to ?? long.MaxValue, cancellation);
        return TypedResults.Ok(new DiffAnswer(before.Revision, after.Revision, PlatformWriter.Between(before.Platform, after.Platform)));
    }

    /// <summary>Keys stay as they are: none that was revoked since comes back to life.</summary>
    private static async Task<Results<Ok<ChangeAnswer>, Problem>> RollbackAsync(
        string tenant, Body<RollbackTo> body, Terms terms, IConfigStore store, TenantWriter writer, HttpContext context, CancellationToken cancellation)
    {
        if (body.Value is not { } wanted) return Problems.Form(body.Errors);
        if (wanted.Revision <= await BirthAsync(tenant, Caller.Of(context), store, cancellation)) return Problems.Missing("revision of this tenant at", $"{wanted.Revision}");
        if (await store.ReadTenantAtAsync(tenant, wanted.Revision, cancellation) is not { } then) return Problems.Missing("revision of this tenant at", $"{wanted.Revision}");
        var result = await writer.WriteAsync(
            tenant,
            stored => new TenantEdit.Replace(TenantEdits.WithoutOrphanKeys(new() { Tenant = then.Document.Tenant, Keys = stored?.Keys ?? [] })),
            Explained(terms, wanted.Revision), cancellation);
        return Answers.Changed(result, context.Response);
    }

    private static async Task<Results<Ok<ChangeAnswer>, Problem>> RollbackPlatformAsync(Body<RollbackTo> body, Terms terms, IConfigStore store, PlatformWriter writer, HttpResponse response, CancellationToken cancellation)
    {
        if (body.Value is not { } wanted) return Problems.Form(body.Errors);
        var then = await store.ReadPlatformAtAsync(wanted.Revision, cancellation);
        // Nothing was written by then, or it is forgotten: defaults are not what anyone went back to.
        if (then.Revision == 0) return Problems.Missing("revision of the platform's settings at", $"{wanted.Revision}");
        return Answers.Changed(await writer.WriteAsync(then.Platform, Explained(terms, wanted.Revision), cancellation), response);
    }

    /// <summary>
    /// A slug may have belonged to another tenant before, whose history is none of its successor's.
    /// </summary>
    /// <returns>The revision that deleted the predecessor; 0 where there was none, and for the platform's owner, who may see all.</returns>
    public static async Task<long> BirthAsync(string tenant, Caller caller, IConfigStore store, CancellationToken cancellation)
    {
        if (caller.IsPlatformOwner) return 0;
        var before = long.MaxValue;
        while (await store.ListRevisionsAsync(tenant, before, MostAtOnce, cancellation) is { Count: > 0 } entries)
        {
            if (entries.FirstOrDefault(e => e.IsDeletion) is { } deletion) return deletion.Revision;
            before = entries[^1].Revision;
        }
        return 0;
    }

    /// <summary>Why, unless a reason was given.</summary>
    private static WriteTerms Explained(Terms terms, long revision) =>
        terms.Value with { Author = terms.Value.Author with { Reason = terms.Value.Author.Reason ?? $"Rollback to revision {revision}." } };
}
