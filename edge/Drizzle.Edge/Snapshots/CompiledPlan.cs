using Drizzle.Contracts.Limits.Quotas;
using Drizzle.Contracts.Model;
using Drizzle.Edge.Limits;

namespace Drizzle.Edge.Snapshots;

/// <summary>What a plan says of each consumer's requests.</summary>
internal sealed record CompiledPlan(CompiledLimit[] Limits, CompiledQuota[] Quotas, CompiledConcurrency[] Concurrency)
{
    public static readonly CompiledPlan None = new([], [], []);

    public static CompiledPlan Of(Plan plan, string tenant, QuotaCalendar calendar, long revision)
    {
        var where = $"{tenant}/plan:{plan.Name}";
        return new(
            CompiledLimit.All(plan.Limits, where, "consumer", revision), CompiledQuota.All(plan, where, calendar, revision), CompiledConcurrency.All(plan.Concurrency, where, "consumer"));
    }
}
