using System.Globalization;
using System.Text.RegularExpressions;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Reading;
using Drizzle.Contracts.Validation;
using Drizzle.Contracts.Values;
using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Explaining;

/// <summary>What would be in force with policies that are not stored.</summary>
internal static partial class DraftState
{
    private const int Most = 100;

    /// <exception cref="FormatException">A policy cannot be in force; the message says which and why.</exception>
    public static (GatewayState State, TenantSnapshot Tenant) Of(GatewayState state, TenantSnapshot tenant, ValueList<Policy> drafts, TimeProvider clock)
    {
        if (drafts.Count > Most) throw new FormatException($"policies: At most {Most}.");
        var stored = tenant.Document.Tenant;
        var others = stored.Policies.Where(p => !drafts.Any(d => d.Name.Equals(p.Name, StringComparison.OrdinalIgnoreCase)));
        var draft = stored with { Policies = others.Concat(drafts).Select(p => p with { Tests = [] }).ToValueList() };
        var findings = new Findings(source: null);
        Validator.Check(draft, "", findings);
        if (!findings.IsEmpty) throw new FormatException($"policies: {Say(findings.Errors[0], draft)}");
        var compiled = Compile(state, tenant, draft, clock);
        var index = new TenantIndex(new Dictionary<string, TenantSlot>(state.Index.Slots) { [stored.Slug] = new TenantSlot(compiled) });
        return (new GatewayState { Platform = state.Platform, IsReady = state.IsReady, StaleAt = state.StaleAt, Index = index }, compiled);
    }

    /// <summary>What is as it is in force is taken from there, so that destinations fare here as they do there.</summary>
    private static TenantSnapshot Compile(GatewayState state, TenantSnapshot tenant, Tenant draft, TimeProvider clock)
    {
        try
        {
            return SnapshotCompiler.Blind(state, clock).Compile(tenant.Revision, tenant.Document with { Tenant = draft }, tenant);
        }
        catch (CompileException e)
        {
            throw new FormatException($"policies: {e.Message}", e);
        }
    }

    private static string Say(ConfigError error, Tenant draft) =>
        PolicyPath().Match(error.Path) is { Success: true } match ? $"{draft.Policies[int.Parse(match.Groups["index"].ValueSpan, CultureInfo.InvariantCulture)].Name}: {error.Message}" : $"{error.Path.TrimStart('.')}: {error.Message}";

    [GeneratedRegex(@"^\.?policies\[(?<index>\d{1,9})\]", RegexOptions.NonBacktracking)]
    private static partial Regex PolicyPath();
}
