using Drizzle.Contracts.Model;
using Drizzle.Contracts.Policies;

namespace Drizzle.Contracts.Validation;

/// <summary>Judges policies: their texts, strictly by the gateway's schema, their links, and their tests.</summary>
internal static class PolicyRules
{
    private const int LongestText = 64 * 1024;
    private const int MostLinks = 1000;
    private const int LongestEntity = 300;

    // Of a tenant: what it has here every edge holds, and may work through for each of its requests.
    private const int MostText = 1024 * 1024;
    private const int MostDeciding = 2000;
    private const int MostOperators = 200_000;
    private const int MostTests = 1000;

    private static readonly Cedar.Validator Strict = new(GatewaySchema.Schema);

    public static void Check(Tenant tenant, string path, Findings findings)
    {
        if (tenant.Policies.Sum(p => (long)p.Cedar.Length) > MostText || tenant.Policies.Sum(p => p.Tests.Count) > MostTests)
        {
            findings.Add($"{path}.policies", $"A tenant has at most {MostText} characters of policies and {MostTests} tests.");
            return;
        }
        var read = new List<Cedar.PolicySet>();
        for (var i = 0; i < tenant.Policies.Count; i++)
        {
            if (Read(tenant.Policies[i], $"{path}.policies[{i}]", findings) is { } policies) read.Add(policies);
        }
        var (deciding, operators) = (read.Sum(p => p.Static.Count + p.Linked.Count), read.Sum(p => p.Deciding.Sum(d => (long)d.Size)));
        if (deciding > MostDeciding || operators > MostOperators)
        {
            findings.Add($"{path}.policies", $"A tenant has at most {MostDeciding} Cedar policies, linked ones included, with {MostOperators} operators in their conditions.");
            return;
        }
        var areGood = read.Count == tenant.Policies.Count;
        for (var i = 0; areGood && i < read.Count; i++) areGood &= IsValid(read[i], $"{path}.policies[{i}]", findings);
        if (areGood && tenant.Policies.Any(p => p.Tests.Count > 0)) CheckTests(tenant, path, findings);
    }

    /// <returns>Null where it cannot be read, and says why.</returns>
    private static Cedar.PolicySet? Read(Policy policy, string path, Findings findings)
    {
        if (policy.Cedar.Length is 0 or > LongestText) return Add(findings, $"{path}.cedar", $"A policy has 1 to {LongestText} characters.");
        if (policy.Links.Count > MostLinks) return Add(findings, $"{path}.links", $"At most {MostLinks}.");
        if (policy.Links.Any(l => l.Principal?.Length > LongestEntity || l.Resource?.Length > LongestEntity)) return Add(findings, $"{path}.links", $"An entity's name has at most {LongestEntity} characters.");
        Cedar.PolicySet alone;
        try
        {
            alone = Cedar.PolicySet.Parse(policy.Cedar);
        }
        catch (Cedar.CedarException e)
        {
            return Add(findings, $"{path}.cedar", Sentence(e.At, e.What));
        }
        if (alone.Static.Count + alone.Templates.Count == 0) return Add(findings, $"{path}.cedar", "There is no policy in the text.");
        if (alone.Templates.Count == 0 && policy.Links.Count > 0) return Add(findings, $"{path}.links", "The policy has no slot that a link could fill.");
        if (alone.Templates.Count > 0 && policy.Links.Count == 0) return Add(findings, $"{path}.links", "A template does nothing until it is linked: name what fills its slots.");
        if ((long)alone.Templates.Count * policy.Links.Count > MostDeciding) return Add(findings, $"{path}.links", $"Its templates and its links make more than {MostDeciding} policies.");
        try
        {
            return TenantPolicies.Linked(policy, alone);
        }
        catch (Cedar.CedarException e)
        {
            return Add(findings, $"{path}.links", e.What);
        }
    }

    /// <summary>Strictly: what passes cannot surprise an edge.</summary>
    private static bool IsValid(Cedar.PolicySet policies, string path, Findings findings)
    {
        try
        {
            var wrong = Strict.Validate(policies);
            foreach (var finding in wrong) findings.Add($"{path}.cedar", Sentence(finding.At, finding.Message));
            return wrong.Count == 0;
        }
        catch (Cedar.CedarException e)
        {
            Add(findings, $"{path}.cedar", Sentence(e.At, e.What));
            return false;
        }
    }

    private static Cedar.PolicySet? Add(Findings findings, string path, string message)
    {
        findings.Add(path, message);
        return null;
    }

    private static string Sentence(Cedar.TextPosition at, string what) => at.Line > 0 ? $"{at}: {what}" : what;

    private static void CheckTests(Tenant tenant, string path, Findings findings)
    {
        var trial = new PolicyTrial(tenant);
        for (var i = 0; i < tenant.Policies.Count; i++)
        {
            var tests = tenant.Policies[i].Tests;
            for (var j = 0; j < tests.Count; j++)
            {
                if (trial.Failure(tests[j]) is { } failure) findings.Add($"{path}.policies[{i}].tests[{j}]", failure);
            }
        }
    }
}
