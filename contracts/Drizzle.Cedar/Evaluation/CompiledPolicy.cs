namespace Drizzle.Cedar.Evaluation;

/// <summary>A policy that is ready to decide.</summary>
internal sealed class CompiledPolicy(Policy policy)
{
    private readonly Evaluator _conditions = Compiler.Compile(policy.Conditions);

    public Policy Policy => policy;

    /// <summary>The decision where this policy alone decides, which is what most requests meet.</summary>
    public Decision Alone { get; } = new(policy.Effect == Effect.Permit, [policy], []);

    /// <summary>True where the request satisfies it, false where not; a failure where it cannot be evaluated.</summary>
    public Value Evaluate(in Request request, in Situation situation) =>
        Includes(policy.Principal, request.Principal, situation.Entities) && Includes(policy.Action, request.Action, situation.Entities) && Includes(policy.Resource, request.Resource, situation.Entities)
            ? _conditions.Evaluate(situation)
            : Value.False;

    private static bool Includes(Scope scope, EntityUid entity, Entities entities) => scope.Kind switch
    {
        ScopeKind.Any => true,
        ScopeKind.Equal => entity.Equals(scope.Entities[0]),
        ScopeKind.In => entities.IsIn(entity, scope.Entities[0]),
        ScopeKind.Is => IsOf(scope, entity),
        ScopeKind.IsIn => IsOf(scope, entity) && entities.IsIn(entity, scope.Entities[0]),
        _ => IsInAny(scope, entity, entities),
    };

    private static bool IsOf(Scope scope, EntityUid entity) => string.Equals(entity.Type, scope.Type, StringComparison.Ordinal);

    private static bool IsInAny(Scope scope, EntityUid entity, Entities entities)
    {
        foreach (var container in scope.Entities)
        {
            if (entities.IsIn(entity, container)) return true;
        }
        return false;
    }
}
