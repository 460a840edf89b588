namespace Drizzle.Cedar.Validation;

/// <summary>Whether there is any action that a policy's scope can be about.</summary>
internal sealed class ScopeCheck(Schema schema, Policy policy)
{
    public IEnumerable<Finding> Applies()
    {
        var (principals, resources) = (Types(policy.Principal), Types(policy.Resource));
        if (Actions().Any(a => a.Principals.Overlaps(principals) && a.Resources.Overlaps(resources))) yield break;
        yield return new Finding(policy.Id, true, "No action of the schema applies to such a principal and such a resource.", policy.At);
    }

    /// <summary>Of a template that was linked: the entities that were filled in.</summary>
    public IEnumerable<Finding> Linked()
    {
        foreach (var entity in policy.Principal.Entities.Concat(policy.Resource.Entities))
        {
            if (!schema.IsKnown(entity.Type)) yield return new Finding(policy.Id, true, $"There is no entity type '{entity.Type}'.", policy.At);
        }
        foreach (var finding in Applies()) yield return finding;
    }

    private IEnumerable<ActionDefinition> Actions()
    {
        var scope = policy.Action;
        if (scope.Kind == ScopeKind.Any) return schema.Actions.Values;
        var named = scope.Entities.Select(e => schema.Actions.GetValueOrDefault(e)).ToList();
        // One that is not known makes the whole list unknown.
        List<ActionDefinition> known = [.. named.OfType<ActionDefinition>()];
        if (known.Count < named.Count) return [];
        return scope.Kind == ScopeKind.Equal ? known : known.SelectMany(a => a.Descendants.Append(a.Uid)).Select(uid => schema.Actions[uid]);
    }

    private HashSet<string> Types(Scope scope) => scope.Kind switch
    {
        ScopeKind.Is => Declared(scope.Type ?? ""),
        ScopeKind.IsIn when scope.Slot is not null => Declared(scope.Type ?? ""),
        ScopeKind.IsIn => [.. TypesIn(scope.Entity.Type).Intersect([scope.Type ?? ""], StringComparer.Ordinal)],
        ScopeKind.Equal when scope.Slot is null => [scope.Entity.Type],
        ScopeKind.In when scope.Slot is null => TypesIn(scope.Entity.Type),
        _ => [.. schema.EntityTypes.Keys],
    };

    private HashSet<string> Declared(string type) => schema.IsKnown(type) ? [type] : [];

    private HashSet<string> TypesIn(string container) => schema.TryGetType(container, out var type) ? [container, .. type.Descendants] : [container];
}
