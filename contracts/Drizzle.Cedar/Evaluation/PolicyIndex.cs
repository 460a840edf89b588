namespace Drizzle.Cedar.Evaluation;

/// <summary>
/// Finds the policies whose scope a request may satisfy. Each policy stands in one place: under the entity or the type of its scope that the fewest others name; a policy for several actions under each of them.
/// </summary>
internal sealed class PolicyIndex
{
    private readonly Dictionary<EntityUid, List<CompiledPolicy>> _byPrincipal = [];
    private readonly Dictionary<EntityUid, List<CompiledPolicy>> _byAction = [];
    private readonly Dictionary<EntityUid, List<CompiledPolicy>> _byResource = [];
    private readonly Dictionary<string, List<CompiledPolicy>> _byPrincipalType = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<CompiledPolicy>> _byResourceType = new(StringComparer.Ordinal);
    private readonly List<CompiledPolicy> _others = [];

    public PolicyIndex(IEnumerable<Policy> policies)
    {
        List<Policy> all = [.. policies];
        var counts = all.SelectMany(Places).SelectMany(p => p.Keys.Select(k => (p.Part, k))).CountBy(k => k).ToDictionary();
        foreach (var policy in all)
        {
            var place = Places(policy).OrderBy(p => p.Keys.Max(k => counts[(p.Part, k)])).FirstOrDefault();
            Put(new CompiledPolicy(policy), place);
        }
    }

    /// <summary>Whom to tell of a policy that a request may satisfy.</summary>
    public delegate void Visitor<T>(ref T state, CompiledPolicy policy)
        where T : allows ref struct;

    /// <summary>Each policy once.</summary>
    public void Visit<T>(in Situation situation, ref T state, Visitor<T> visitor)
        where T : allows ref struct
    {
        foreach (var policy in _others) visitor(ref state, policy);
        VisitList(_byPrincipalType.GetValueOrDefault(situation.Request.Principal.Type), ref state, visitor);
        VisitList(_byResourceType.GetValueOrDefault(situation.Request.Resource.Type), ref state, visitor);
        VisitIn(_byPrincipal, situation.Request.Principal, situation, ref state, visitor);
        VisitIn(_byResource, situation.Request.Resource, situation, ref state, visitor);
        VisitActions(situation.Request.Action, situation, ref state, visitor);
    }

    private static void VisitList<T>(List<CompiledPolicy>? policies, ref T state, Visitor<T> visitor)
        where T : allows ref struct
    {
        if (policies is null) return;
        foreach (var policy in policies) visitor(ref state, policy);
    }

    private static void VisitIn<T>(Dictionary<EntityUid, List<CompiledPolicy>> index, EntityUid entity, in Situation situation, ref T state, Visitor<T> visitor)
        where T : allows ref struct
    {
        if (index.Count == 0) return;
        VisitList(index.GetValueOrDefault(entity), ref state, visitor);
        foreach (var ancestor in situation.AncestorsOf(entity)) VisitList(index.GetValueOrDefault(ancestor), ref state, visitor);
    }

    private void VisitActions<T>(EntityUid action, in Situation situation, ref T state, Visitor<T> visitor)
        where T : allows ref struct
    {
        if (_byAction.Count == 0) return;
        VisitAction(action, action, situation, ref state, visitor);
        foreach (var ancestor in situation.AncestorsOf(action)) VisitAction(ancestor, action, situation, ref state, visitor);
    }

    private void VisitAction<T>(EntityUid key, EntityUid action, in Situation situation, ref T state, Visitor<T> visitor)
        where T : allows ref struct
    {
        if (!_byAction.TryGetValue(key, out var policies)) return;
        foreach (var policy in policies)
        {
            // One that stands under several of the action's ancestors counts under the first.
            if (key.Equals(FirstThatHolds(policy.Policy.Action.Entities, action, situation))) visitor(ref state, policy);
        }
    }

    private static EntityUid? FirstThatHolds(IReadOnlyList<EntityUid> containers, EntityUid action, in Situation situation)
    {
        for (var i = 0; i < containers.Count; i++)
        {
            if (situation.IsIn(action, containers[i])) return containers[i];
        }
        return null;
    }

    /// <summary>Where a policy may stand.</summary>
    private static IEnumerable<Place> Places(Policy policy)
    {
        if (policy.Principal.Entities.Count > 0) yield return new(Part.Principal, policy.Principal.Entities);
        if (policy.Resource.Entities.Count > 0) yield return new(Part.Resource, policy.Resource.Entities);
        if (policy.Action.Entities.Count > 0) yield return new(Part.Action, policy.Action.Entities);
        if (policy.Principal.Type is { } principal) yield return new(Part.PrincipalType, [principal]);
        if (policy.Resource.Type is { } resource) yield return new(Part.ResourceType, [resource]);
    }

    private void Put(CompiledPolicy policy, Place place)
    {
        switch (place.Part)
        {
            case Part.Principal: Add(_byPrincipal, (EntityUid)place.Keys[0], policy); break;
            case Part.Resource: Add(_byResource, (EntityUid)place.Keys[0], policy); break;
            case Part.PrincipalType: Add(_byPrincipalType, (string)place.Keys[0], policy); break;
            case Part.ResourceType: Add(_byResourceType, (string)place.Keys[0], policy); break;
            case Part.Action:
                foreach (var action in place.Keys.Distinct()) Add(_byAction, (EntityUid)action, policy);
                break;
            default: _others.Add(policy); break;
        }
    }

    private static void Add<TKey>(Dictionary<TKey, List<CompiledPolicy>> index, TKey key, CompiledPolicy policy)
        where TKey : notnull
    {
        if (!index.TryGetValue(key, out var policies)) index[key] = policies = [];
        policies.Add(policy);
    }

    private enum Part
    {
        None,
        Principal,
        Action,
        Resource,
        PrincipalType,
        ResourceType,
    }

    private readonly record struct Place(Part Part, IReadOnlyList<object> Keys);
}
