using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Admin.Writing;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <param name="Edge">Who holds it.</param>
/// <param name="Tokens">That it may still spend.</param>
public sealed record LeaseView(string Edge, long Tokens);

/// <summary>A bucket now. Those that are full and idle are not listed.</summary>
/// <param name="Limit">With where it stands, such as <c>plan:starter/per-minute</c>.</param>
/// <param name="Subject">The values that it counts by; empty where one bucket is for all.</param>
/// <param name="Level">Whole tokens that are with its owner.</param>
/// <param name="Leased">Whole tokens that edges hold.</param>
/// <param name="RefillPerSecond">Tokens.</param>
/// <param name="RefusedLastMinute">Requests.</param>
public sealed record LimitView(string Limit, string Subject, long Burst, long Level, long Leased, double RefillPerSecond, long RefusedLastMinute, IReadOnlyList<LeaseView> Leases);

/// <summary>Which bucket or count is meant, and how many tokens it gets.</summary>
public sealed record LimitChange
{
    /// <summary>As it is listed, such as <c>plan:starter/per-minute</c>.</summary>
    public required string Limit { get; init; }

    /// <summary>As it is listed; empty where one bucket is for all.</summary>
    public string? Subject { get; init; }

    /// <summary>How many tokens; for a grant, at least 1.</summary>
    public long? Tokens { get; init; }

    /// <summary>Why; kept in the audit.</summary>
    public string? Reason { get; init; }
}

/// <param name="Level">Whole tokens left after that; the burst where the bucket is full.</param>
public sealed record LimitLevel(string Limit, string Subject, long? Level);

/// <summary>Buckets live, and tokens by hand: to reset is to fill, to grant is to add; a bucket never holds more than its burst.</summary>
internal static class LimitEndpoints
{
    private const int Usual = 100;

    /// <summary>The most that one answer lists.</summary>
    public const int Most = 1000;

    private const string Platform = "platform";

    public static void Map(RouteGroupBuilder v1, RouteGroupBuilder knownTenant)
    {
        var own = knownTenant.MapGroup("/limits").WithTags("limits");
        own.MapGet("", ListAsync).Needs(AccessRole.Viewer).WithName("listLimits");
        own.MapPost("/reset", ResetAsync).Needs(AccessRole.Editor).WithName("resetLimit");
        own.MapPost("/grant", GrantAsync).Needs(AccessRole.Editor).WithName("grantLimit");
        var platform = v1.MapGroup("/platform/limits").WithTags("limits");
        platform.MapGet("", (string? limit, string? subject, int? most, ILiveBuckets buckets, CancellationToken cancellation) => ListAsync(Platform, limit, subject, most, buckets, cancellation)).Needs(AccessRole.PlatformOwner).WithName("listPlatformLimits");
        platform.MapPost("/reset", (Body<LimitChange> body, LimitKeeper keeper, HttpContext context, CancellationToken cancellation) => ResetAsync(Platform, body, keeper, context, cancellation)).Needs(AccessRole.PlatformOwner).WithName("resetPlatformLimit");
        platform.MapPost("/grant", (Body<LimitChange> body, LimitKeeper keeper, HttpContext context, CancellationToken cancellation) => GrantAsync(Platform, body, keeper, context, cancellation)).Needs(AccessRole.PlatformOwner).WithName("grantPlatformLimit");
    }

    private static async Task<Results<Ok<LimitView[]>, Problem>> ListAsync(string tenant, string? limit, string? subject, int? most, ILiveBuckets buckets, CancellationToken cancellation)
    {
        if (most is < 1 or > Most) return Problems.NotWithin("most", Most);
        return TypedResults.Ok(await ReadAsync(buckets, new(tenant, limit, subject, most ?? Usual), cancellation));
    }

    /// <exception cref="EngineException">The owner of the buckets does not answer.</exception>
    public static async Task<LimitView[]> ReadAsync(ILiveBuckets buckets, BucketQuery query, CancellationToken cancellation) => [.. (await buckets.ListAsync(query, cancellation)).Select(View)];

    private static Task<Results<Ok<LimitLevel>, Problem>> ResetAsync(string tenant, Body<LimitChange> body, LimitKeeper keeper, HttpContext context, CancellationToken cancellation) =>
        ChangeAsync(tenant, body, isGrant: false, keeper, context, cancellation);

    private static Task<Results<Ok<LimitLevel>, Problem>> GrantAsync(string tenant, Body<LimitChange> body, LimitKeeper keeper, HttpContext context, CancellationToken cancellation) =>
        ChangeAsync(tenant, body, isGrant: true, keeper, context, cancellation);

    private static async Task<Results<Ok<LimitLevel>, Problem>> ChangeAsync(string scope, Body<LimitChange> body, bool isGrant, LimitKeeper keeper, HttpContext context, CancellationToken cancellation)
    {
        if (body.Value is not { } change) return Problems.Form(body.Errors);
        if (isGrant && change.Tokens is not (>= 1 and <= LimitKeeper.MostGranted)) return Problems.Invalid("tokens", $"A grant is of 1 to {LimitKeeper.MostGranted} tokens.");
        if (!isGrant && change.Tokens is not null) return Problems.Invalid("tokens", "A reset fills the whole bucket; use grant for some tokens.");
        var author = Caller.AuthorOf(context, change.Reason);
        var subject = change.Subject ?? "";
        var audit = new AuditRecord(
            scope == Platform ? "" : scope, author.Actor, author.Address, isGrant ? AuditActions.LimitGranted : AuditActions.LimitReset,
            $"{change.Limit}{(subject.Length > 0 ? $" [{subject}]" : "")}{(isGrant ? $" {change.Tokens}" : "")}", author.Reason);
        return await keeper.FillAsync(scope, change.Limit, subject, change.Tokens, audit, cancellation) is { } level
            ? TypedResults.Ok(new LimitLevel(change.Limit, subject, level.Level))
            : Problems.Missing("limit", change.Limit);
    }

    private static LimitView View(BucketStatus status) => new(
        LimitNames.WithoutScope(status.Bucket.Limit), status.Bucket.Subject, status.Rule.Burst, status.Level, status.Leases.Sum(l => l.Tokens),
        Math.Round(1e9 / status.Rule.Interval, 6), status.Refused, [.. status.Leases.Select(l => new LeaseView(l.Edge, l.Tokens))]);
}
