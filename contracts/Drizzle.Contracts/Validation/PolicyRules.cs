using Drizzle.Contracts.Model;
using Drizzle.Contracts.Policies;

namespace Drizzle.Contracts.Validation;

/// <summary>Judges policies: their texts, strictly by the gateway's schema, their links, and their tests.</summary>
internal static class PolicyRules
{
    private const int LongestText = 64 * 1024;
    private const int MostPolicies = 2000;
    private const int MostLinks = 1000;
    private const int MostTests = 100;

    private static readonly Cedar.Validator Strict = new(GatewaySchema.Schema);

    public static void Check(Tenant tenant, string path, Findings findings)
    {
        if (tenant.Policies.Count > MostPolicies)
        {
            findings.Add($"{path}.policies", $"At most {MostPolicies}.");
            return;
        }
        var areGood = true;
        for (var i = 0; i < tenant.Policies.Count; i++) areGood &= CheckOne(tenant.Policies[i], $"{path}.policies[{i}]", findings);
        if (areGood && tenant.Policies.Any(p => p.Tests.Count > 0)) CheckTests(tenant, path, findings);
    }

    private static bool CheckOne(Policy policy, string path, Findings findings)
    {
        if (policy.Cedar.Length is 0 or > LongestText) return Add(findings, $"{path}.cedar", $"A policy has 1 to {LongestText} characters.");
        if (policy.Links.Count > MostLinks) return Add(findings, $"{path}.links", $"At most {MostLinks}.");
        if (policy.Tests.Count > MostTests) return Add(findings, $"{path}.tests", $"At most {MostTests}.");
        Cedar.PolicySet read;
        try
        {
            // Alone first, so that a mistake in the text is not taken for one in the links.
            if (!HasSlots(policy) && policy.Links.Count > 0) return Add(findings, $"{path}.links", "The policy has no slot that a link could fill.");
            read = TenantPolicies.Read(policy);
        }
        catch (Cedar.CedarException e)
        {
            return Add(findings, e.At.Line > 0 ? $"{path}.cedar" : policy.Links.Count > 0 ? $"{path}.links" : $"{path}.cedar", Sentence(e.At, e.What));
        }
        if (read.Static.Count + read.Templates.Count == 0) return Add(findings, $"{path}.cedar", "There is no policy in the text.");
        if (read.Templates.Count > 0 && policy.Links.Count == 0) Add(findings, $"{path}.links", "A template does nothing until it is linked: name what fills its slots.");
        var wrong = Strict.Validate(read).ToList();
        foreach (var finding in wrong) findings.Add($"{path}.cedar", Sentence(finding.At, finding.Message));
        return wrong.Count == 0;
    }

    private static bool HasSlots(Policy policy) => Cedar.PolicySet.Parse(policy.Cedar).Templates.Count > 0;

    private static bool Add(Findings findings, string path, string message)
    {
        findings.Add(path, message);
        return false;
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
