using Drizzle.Cedar.Evaluation;

namespace Drizzle.Cedar;

/// <summary>A set of policies that is ready to decide. It never changes, and any number of threads may ask it at once.</summary>
public sealed class Authorizer
{
    private readonly PolicyIndex _index;

    public Authorizer(PolicySet policies) => _index = new PolicyIndex(policies.Deciding);

    /// <summary>
    /// Allows what some permit is satisfied by and no forbid is. A policy that cannot be evaluated is skipped, a forbid too; it is among the errors.
    /// </summary>
    public Decision Decide(in Request request, Entities entities)
    {
        var verdict = new Verdict(new Situation(request, entities));
        _index.Visit(verdict.Situation, ref verdict, static (ref Verdict verdict, CompiledPolicy policy) => verdict.Hear(policy));
        return verdict.Decision();
    }

    /// <summary>What each policy says whose scope the request may satisfy: true, false, or why it cannot be evaluated.</summary>
    public IReadOnlyList<PolicyVerdict> Explain(in Request request, Entities entities)
    {
        var verdicts = new Explanation(new Situation(request, entities));
        _index.Visit(verdicts.Situation, ref verdicts, static (ref Explanation verdicts, CompiledPolicy policy) => verdicts.Hear(policy));
        return verdicts.All;
    }

    private ref struct Verdict(Situation situation)
    {
        public readonly Situation Situation = situation;
        private Reasons _permits;
        private Reasons _forbids;
        private List<PolicyError>? _errors;

        public void Hear(CompiledPolicy policy)
        {
            var value = policy.Evaluate(Situation);
            if (value.IsTrue && policy.Policy.Effect == Effect.Permit) _permits.Add(policy);
            else if (value.IsTrue) _forbids.Add(policy);
            else if (value.IsFailure) (_errors ??= []).Add(new PolicyError(policy.Policy, value.Failure));
        }

        public readonly Decision Decision()
        {
            var reasons = _forbids.Alone is null ? _permits : _forbids;
            if (_errors is null && !reasons.AreSeveral) return reasons.Alone ?? Cedar.Decision.NothingPermits;
            return new Decision(reasons.Alone?.IsAllowed == true, reasons.All, _errors ?? (IReadOnlyList<PolicyError>)[]);
        }
    }

    /// <summary>Policies of one effect; a list is only made where there are several.</summary>
    private struct Reasons
    {
        private List<Policy>? _all;

        public Decision? Alone { get; private set; }

        public readonly bool AreSeveral => _all is not null;

        public readonly IReadOnlyList<Policy> All => _all ?? Alone?.Reasons ?? [];

        public void Add(CompiledPolicy policy)
        {
            if (Alone is null) Alone = policy.Alone;
            else (_all ??= [.. Alone.Reasons]).Add(policy.Policy);
        }
    }

    private readonly ref struct Explanation(Situation situation)
    {
        public readonly Situation Situation = situation;

        public List<PolicyVerdict> All { get; } = [];

        public void Hear(CompiledPolicy policy)
        {
            var value = policy.Evaluate(Situation);
            All.Add(new PolicyVerdict(policy.Policy, value.IsTrue, value.IsFailure ? value.Failure : null));
        }
    }
}

/// <summary>What one policy says about a request.</summary>
/// <param name="Error">Why it cannot be evaluated; null where it can.</param>
public sealed record PolicyVerdict(Policy Policy, bool IsSatisfied, string? Error);
