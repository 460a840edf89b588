using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Quotas;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Validation;

namespace Drizzle.Edge.Limits;

/// <summary>A quota with where it stands.</summary>
/// <param name="Id">Unique over all tenants, such as <c>acme/plan:starter/monthly</c>.</param>
/// <param name="Revision">Of the document that it was compiled from.</param>
internal sealed record CompiledQuota(string Id, string Name, string Tenant, long Amount, QuotaWindow Per, LimitKeys Keys, QuotaCalendar Calendar, long Revision, OnFailure OnFailure)
    : NamedLimit(Name, Tenant, Amount, UsualSeconds(Per))
{
    private sealed record Window(QuotaSpan Span);

    private volatile Window _current = new(default(QuotaSpan));

    /// <summary>Those of a plan, as far as the bounds go that a plan stored before there were any may not keep.</summary>
    public static CompiledQuota[] All(Plan plan, string where, QuotaCalendar calendar, long revision) =>
        [.. plan.Quotas.Take(LimitRules.MostInOnePlace).Select(q => new CompiledQuota($"{where}/{q.Name}", q.Name, LimitNames.ScopeOf(where), Math.Min(q.Amount, LimitRules.MostAmount), q.Per, new(q.By, "consumer"), calendar, revision, q.OnFailure ?? OnFailure.Local))];

    /// <summary>The window that holds an instant.</summary>
    public QuotaSpan At(DateTimeOffset now)
    {
        var window = _current;
        if (window.Span.Holds(now.ToUnixTimeSeconds())) return window.Span;
        var span = Calendar.At(Per, now);
        _current = new(span);
        return span;
    }

    private static int UsualSeconds(QuotaWindow per) => per switch
    {
        QuotaWindow.Minute => 60,
        QuotaWindow.Hour => 3600,
        QuotaWindow.Day => 86_400,
        _ => 30 * 86_400,
    };
}
