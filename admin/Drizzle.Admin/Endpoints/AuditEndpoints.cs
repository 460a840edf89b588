using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <param name="Id">Greater than of those before it; <c>?before=</c> takes it.</param>
/// <param name="Tenant">Absent for what concerns the platform.</param>
/// <param name="Revision">Where configuration was written, as which revision; its diff is there.</param>
public sealed record AuditView(long Id, DateTimeOffset At, string? Tenant, string Actor, string? Address, string Action, string? Subject, long? Revision, string? Reason);

/// <summary>Who did what, when and from where, newest first.</summary>
internal static class AuditEndpoints
{
    private const int Usual = 100;
    private const int Most = 1000;

    public static void Map(RouteGroupBuilder v1, RouteGroupBuilder tenantGroup)
    {
        v1.MapGet("/audit", ListAllAsync).WithTags("audit").Needs(AccessRole.PlatformOwner).WithName("listAudit");
        tenantGroup.MapGet("/audit", ListAsync).WithTags("audit").Needs(AccessRole.Owner).WithName("listTenantAudit");
    }

    /// <param name="tenant">Of one tenant alone, or <c>platform</c>; of all when absent.</param>
    private static Task<Results<Ok<AuditView[]>, Problem>> ListAllAsync(string? tenant, string? action, string? actor, long? before, int? limit, IAuditLog audit, CancellationToken cancellation) =>
        AnswerAsync(new(tenant == "platform" ? "" : tenant, OfThisTenantAlone: false, action, actor, before ?? long.MaxValue, limit ?? Usual), audit, cancellation);

    private static Task<Results<Ok<AuditView[]>, Problem>> ListAsync(string tenant, string? action, string? actor, long? before, int? limit, IAuditLog audit, HttpContext context, CancellationToken cancellation) =>
        AnswerAsync(new(tenant, OfThisTenantAlone: !Caller.Of(context).IsPlatformOwner, action, actor, before ?? long.MaxValue, limit ?? Usual), audit, cancellation);

    private static async Task<Results<Ok<AuditView[]>, Problem>> AnswerAsync(AuditQuery query, IAuditLog audit, CancellationToken cancellation)
    {
        if (query.Most is < 1 or > Most) return Problems.NotWithin("limit", Most);
        return TypedResults.Ok((await audit.ListAsync(query, cancellation)).Select(View).ToArray());
    }

    private static AuditView View(AuditEntry entry)
    {
        var record = entry.Record;
        return new(entry.Id, entry.At, Scopes.TenantOf(record.Scope), record.Actor, record.Address, record.Action, record.Subject, entry.Revision, record.Reason);
    }
}
