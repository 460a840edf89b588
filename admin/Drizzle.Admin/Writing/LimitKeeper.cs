using Drizzle.Contracts.Limits.Quotas;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;

namespace Drizzle.Admin.Writing;

/// <param name="Level">Whole tokens left; null for a bucket that was full and idle.</param>
internal sealed record FilledLimit(long? Level);

/// <summary>Gives tokens by hand, to a bucket or to a quota's count in its window.</summary>
internal sealed class LimitKeeper(IConfigStore store, ILiveBuckets buckets, IQuotaLedger quotas, TimeProvider clock)
{
    public const long MostGranted = 1_000_000_000_000;

    private const string PlanPrefix = "plan:";

    /// <param name="scope">A tenant's slug, or <c>platform</c>.</param>
    /// <param name="limit">As it is named after that.</param>
    /// <param name="tokens">Null for as many as there can be.</param>
    /// <returns>Null where there is no such limit.</returns>
    public async Task<FilledLimit?> FillAsync(string scope, string limit, string subject, long? tokens, AuditRecord audit, CancellationToken cancellation)
    {
        if (await FindAsync(scope, limit, cancellation) is not { } found) return null;
        if (found.Quota is not { } quota) return new(await buckets.FillAsync(new($"{scope}/{limit}", subject), tokens, audit, cancellation));
        var span = QuotaCalendar.Of(found.TimeZone).At(quota.Per, clock.GetUtcNow());
        return await quotas.GrantAsync(new($"{scope}/{limit}", subject, span.Start), tokens, audit, cancellation) is { } totals ? new(totals.Left) : null;
    }

    /// <returns>Whether it is a limit or a quota of the configuration; null where it is neither.</returns>
    private async Task<(Quota? Quota, string? TimeZone)?> FindAsync(string scope, string limit, CancellationToken cancellation)
    {
        if (scope == "platform") return limit == "address" || (await store.ReadPlatformAsync(cancellation)).Platform.Limits.Any(l => l.Name == limit) ? (null, null) : null;
        if (await store.ReadTenantAsync(scope, cancellation) is not { } stored) return null;
        var tenant = stored.Document.Tenant;
        var (place, name) = limit.Split('/') is [var before, var after] ? (before, after) : ("", limit);
        var plan = place.StartsWith(PlanPrefix, StringComparison.Ordinal) ? tenant.Plans.FirstOrDefault(p => p.Name == place[PlanPrefix.Length..]) : null;
        if (plan?.Quotas.FirstOrDefault(q => q.Name == name) is { } quota) return (quota, tenant.TimeZone);
        var limits = place switch
        {
            "" => tenant.Limits,
            _ when plan is not null => plan.Limits,
            _ => tenant.Services.FirstOrDefault(s => place == $"service:{s.Slug}")?.Limits ?? tenant.Routes.FirstOrDefault(r => place == $"route:{r.Name}")?.Limits ?? [],
        };
        return limits.Any(l => l.Name == name) ? (null, null) : null;
    }
}
