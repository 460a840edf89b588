using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Validation;

/// <summary>Limits and quotas.</summary>
public static class LimitRules
{
    /// <summary>Quotas, limits and limits of concurrency alike.</summary>
    public const int MostInOnePlace = 8;

    /// <summary>So that sums stay within 64 bits.</summary>
    public const long MostAmount = 1_000_000_000_000_000;

    private const int MostAtOnce = 1_000_000;
    private const int MostKeys = 8;

    private static readonly string[] Plain = ["platform", "tenant", "service", "route", "consumer", "key", "clientId", "address"];

    public static void Check(Plan plan, string path, Findings findings)
    {
        Check(plan.Limits, $"{path}.limits", findings);
        Check(plan.Concurrency, $"{path}.concurrency", findings);
        if (plan.Quotas.Count > MostInOnePlace) findings.Add($"{path}.quotas", $"At most {MostInOnePlace} quotas in one place.");
        Validator.CheckNames(plan.Quotas, q => q.Name, $"{path}.quotas", findings);
        for (var i = 0; i < plan.Quotas.Count; i++)
        {
            if (plan.Quotas[i].Amount is < 1 or > MostAmount) findings.Add($"{path}.quotas[{i}].amount", $"From 1 to {MostAmount}.");
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

    public static void Check(ValueList<ConcurrencyLimit> limits, string path, Findings findings)
    {
        if (limits.Count > MostInOnePlace) findings.Add(path, $"At most {MostInOnePlace} limits in one place.");
        Validator.CheckNames(limits, l => l.Name, path, findings);
        for (var i = 0; i < limits.Count; i++)
        {
            if (limits[i].Most is < 1 or > MostAtOnce) findings.Add($"{path}[{i}].most", $"From 1 to {MostAtOnce}.");
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
        if (by.Count > MostKeys) findings.Add(path, $"At most {MostKeys} keys.");
        for (var i = 0; i < by.Count; i++)
        {
            var key = by[i];
            var isNamed = (key.StartsWith("header:", StringComparison.Ordinal) || key.StartsWith("claim:", StringComparison.Ordinal)) && Names.IsToken(key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            if (!Plain.Contains(key) && !isNamed) findings.Add($"{path}[{i}]", $"'{Names.Shown(key)}': expected one of {string.Join(", ", Plain)}, header:NAME, claim:NAME.");
        }
    }
}
