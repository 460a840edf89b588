using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Policies;

/// <summary>What the policies of a tenant decided.</summary>
/// <param name="Policies">By name: those that permitted it, or those that forbade it; none where nothing permits it.</param>
/// <param name="Erring">Those that could not be evaluated, each with the reason.</param>
public sealed record PolicyDecision(bool IsAllowed, IReadOnlyList<string> Policies, IReadOnlyList<(string Policy, string Error)> Erring)
{
    public static PolicyDecision NothingPermits { get; } = new(false, [], []);
}

/// <summary>The policies of one tenant, ready to decide. Immutable.</summary>
public sealed class TenantPolicies
{
    // With a character that no name of a policy has.
    private const string Wall = "!tenant-wall";

    private readonly Cedar.Authorizer _enforced;
    private readonly Cedar.Authorizer? _shadow;
    private readonly bool _erringForbidDenies;

    // What most requests meet: one policy decides.
    private readonly Dictionary<Cedar.Policy, PolicyDecision> _alone;

    private TenantPolicies(Cedar.PolicySet enforced, Cedar.PolicySet shadow, bool erringForbidDenies)
    {
        _enforced = new Cedar.Authorizer(enforced);
        _alone = enforced.Deciding.ToDictionary(p => p, p => new PolicyDecision(p.Effect == Cedar.Effect.Permit, [NameOf(p)], []), (IEqualityComparer<Cedar.Policy>)ReferenceEqualityComparer.Instance);
        List<Cedar.Policy> watched = [.. shadow.Deciding];
        _shadow = watched.Count == 0 ? null : new Cedar.Authorizer(shadow);
        _erringForbidDenies = erringForbidDenies;
        List<Cedar.Policy> all = [.. enforced.Deciding, .. watched];
        ReadsContext = all.Exists(p => p.Reads(Cedar.Variable.Context));
        ReadsHeaders = all.Exists(p => p.Reads("headers") || p.NamesEntityOf("Headers"));
        ReadsParams = all.Exists(p => p.Reads("params") || p.NamesEntityOf("Params"));
    }

    /// <summary>Whether there are policies that decide nothing yet.</summary>
    public bool HasShadow => _shadow is not null;

    /// <summary>Whether any policy reads what is known of the request beside who asks for what.</summary>
    public bool ReadsContext { get; }

    /// <summary>Whether any policy reads the request's headers.</summary>
    public bool ReadsHeaders { get; }

    /// <summary>Whether any policy reads the parameters of the path.</summary>
    public bool ReadsParams { get; }

    /// <exception cref="Cedar.CedarException">A policy's text cannot be read, or a link does not fit.</exception>
    public static TenantPolicies Compile(Tenant tenant)
    {
        var enforced = tenant.Policies.Where(p => p.Mode != PolicyMode.Shadow).Select(Read).Append(WallOf(tenant));
        var shadow = tenant.Policies.Where(p => p.Mode == PolicyMode.Shadow).Select(Read);
        return new TenantPolicies(Joined(enforced), Joined(shadow), tenant.ErringForbid == ErringForbid.Deny);
    }

    /// <summary>The Cedar policies of one that is stored; their ids are its name, with a number from the second on.</summary>
    /// <exception cref="Cedar.CedarException">The text cannot be read, or a link does not fit.</exception>
    public static Cedar.PolicySet Read(Policy policy) => Linked(policy, Cedar.PolicySet.Parse(policy.Cedar));

    /// <summary>As <see cref="Read"/>, of a text that was parsed already.</summary>
    /// <exception cref="Cedar.CedarException">A link does not fit.</exception>
    internal static Cedar.PolicySet Linked(Policy policy, Cedar.PolicySet parsed)
    {
        List<Cedar.Policy> policies = [.. parsed.Written.OrderBy(p => p.At.Line).ThenBy(p => p.At.Column).Select((p, i) => p with { Id = i == 0 ? policy.Name : $"{policy.Name}#{i + 1}" })];
        List<Cedar.Policy> templates = policies.FindAll(p => p.IsTemplate);
        var links = policy.Links.SelectMany((link, i) => templates.Select(t => new Cedar.TemplateLink(t.Id, $"{t.Id}#link{i + 1}", ValuesOf(link))));
        return new Cedar.PolicySet(policies, links);
    }

    /// <summary>Decides. A policy that cannot be evaluated is skipped, unless it forbids and the tenant wants such a request denied.</summary>
    public PolicyDecision Decide(in Cedar.Request request, Cedar.Entities entities)
    {
        var decision = _enforced.Decide(request, entities);
        if (decision.Errors.Count == 0)
        {
            return decision.Reasons.Count switch
            {
                0 => PolicyDecision.NothingPermits,
                1 => _alone[decision.Reasons[0]],
                _ => new(decision.IsAllowed, NamesOf(decision.Reasons), []),
            };
        }
        var erring = decision.Errors.Select(e => (NameOf(e.Policy), e.Message)).ToList();
        var denying = _erringForbidDenies ? decision.Errors.Where(e => e.Policy.Effect == Cedar.Effect.Forbid).Select(e => e.Policy).ToList() : [];
        return denying.Count > 0 && decision.IsAllowed ? new(false, NamesOf(denying), erring) : new(decision.IsAllowed, NamesOf(decision.Reasons), erring);
    }

    /// <summary>What shadow policies would do: the names of those that apply, and of those that cannot be evaluated. It is allowed where none of them forbids it.</summary>
    /// <returns>Null where there are none.</returns>
    public PolicyDecision? DecideInShadow(in Cedar.Request request, Cedar.Entities entities)
    {
        if (_shadow?.Explain(request, entities) is not { } verdicts) return null;
        var (applying, erring) = (new List<Cedar.Policy>(), new List<(string Policy, string Error)>());
        foreach (var verdict in verdicts)
        {
            if (verdict.Error is { } error) erring.Add((NameOf(verdict.Policy), error));
            else if (verdict.IsSatisfied) applying.Add(verdict.Policy);
        }
        return new(!applying.Exists(p => p.Effect == Cedar.Effect.Forbid), NamesOf(applying), erring);
    }

    /// <summary>What each policy says whose scope the request may satisfy, the built-in one left out.</summary>
    public IEnumerable<(Cedar.PolicyVerdict Verdict, bool IsShadow)> Explain(Cedar.Request request, Cedar.Entities entities) =>
        _enforced.Explain(request, entities).Where(v => v.Policy.Id != Wall || v.IsSatisfied).Select(v => (v, false)).Concat((_shadow?.Explain(request, entities) ?? []).Select(v => (v, true)));

    /// <summary>The name under which a Cedar policy is stored.</summary>
    public static string NameOf(Cedar.Policy policy) => policy.Id.IndexOf('#', StringComparison.Ordinal) is >= 0 and var end ? policy.Id[..end] : policy.Id;

    private static IReadOnlyList<string> NamesOf(IReadOnlyList<Cedar.Policy> policies) => policies.Count switch
    {
        0 => [],
        1 => [NameOf(policies[0])],
        _ => [.. policies.Select(NameOf).Distinct(StringComparer.Ordinal)],
    };

    /// <summary>Whatever a tenant's policies say: nobody of another tenant gets in, and nothing of another is reached. Its name is none that a policy can have.</summary>
    private static Cedar.PolicySet WallOf(Tenant tenant)
    {
        var self = new Cedar.EntityUid("Tenant", tenant.Slug);
        return new([Cedar.PolicySet.ParseOne($"forbid(principal, action, resource) unless {{ resource in {self} && (principal is Anonymous || principal in {self}) }};", Wall)]);
    }

    private static Cedar.PolicySet Joined(IEnumerable<Cedar.PolicySet> sets)
    {
        List<Cedar.PolicySet> all = [.. sets];
        return new(all.SelectMany(s => s.Written), all.SelectMany(s => s.Links));
    }

    private static Dictionary<Cedar.Slot, Cedar.EntityUid> ValuesOf(PolicyLink link)
    {
        var values = new Dictionary<Cedar.Slot, Cedar.EntityUid>();
        if (link.Principal is { } principal) values[Cedar.Slot.Principal] = Cedar.EntityUid.Parse(principal);
        if (link.Resource is { } resource) values[Cedar.Slot.Resource] = Cedar.EntityUid.Parse(resource);
        return values;
    }
}
