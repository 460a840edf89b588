using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Validation;

/// <summary>Limits and quotas.</summary>
internal static class LimitRules
{
    private const int MostInOnePlace = 8;
    private static readonly string[] Plain = ["platform", "tenant", "service", "route", "consumer", "key", "clientId", "address"];

    public static void Check(Plan plan, string path, Findings findings)
    {
        Check(plan.Limits, $"{path}.limits", findings);
        Validator.CheckNames(plan.Quotas, q => q.Name, $"{path}.quotas", findings);
        for (var i = 0; i < plan.Quotas.Count; i++)
        {
            if (plan.Quotas[i].Amount <= 0) findings.Add($"{path}.quotas[{i}].amount", "At least 1.");
            CheckBy(plan.Quotas[i].By, $"{path}.quotas[{i}].by", findings);
        }
    }

    public static void Check(ValueList<Limit> limits, string path, Findings findings)
    {
        if (limits.Count > MostInOnePlace) findings.Add(path, $"At most {MostInOnePlace} limits in one place.");
        Validator.CheckNames(limits, l => l.Name, path, findings);
        for (var i = 0; i < limits.Count; i++)
        {
            CheckBucket(limits[i].Rate, limits[i].Burst, $"{path}[{i}]", findings);
            CheckBy(limits[i].By, $"{path}[{i}].by", findings);
        }
    }

    public static void CheckBucket(Rate rate, long burst, string path, Findings findings)
    {
        if (burst < 1) findings.Add($"{path}.burst", "At least 1.");
        else if (burst > BucketRule.LongestFill / BucketRule.Of(rate, 1).Interval) findings.Add($"{path}.burst", "The bucket would take more than ten years to fill.");
    }

    private static void CheckBy(ValueList<string> by, string path, Findings findings)
    {
        for (var i = 0; i < by.Count; i++)
        {
            var key = by[i];
            var isNamed = (key.StartsWith("header:", StringComparison.Ordinal) || key.StartsWith("claim:", StringComparison.Ordinal)) && Names.IsToken(key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            if (!Plain.Contains(key) && !isNamed) findings.Add($"{path}[{i}]", $"'{Names.Shown(key)}': expected one of {string.Join(", ", Plain)}, header:NAME, claim:NAME.");
        }
    }
}
