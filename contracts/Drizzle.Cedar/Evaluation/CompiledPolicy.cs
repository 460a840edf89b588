namespace Drizzle.Cedar.Evaluation;

/// <summary>A policy that is ready to decide.</summary>
internal sealed class CompiledPolicy(Policy policy)
{
    private readonly Evaluator _conditions = Compiler.Compile(policy.Conditions);

    public Policy Policy => policy;

    /// <summary>The decision where this policy alone decides, which is what most requests meet.</summary>
    public Decision Alone { get; } = new(policy.Effect == Effect.Permit, [policy], []);

    /// <summary>True where the request satisfies it, false where not; a failure where it cannot be evaluated.</summary>
    public Value Evaluate(in Situation situation) =>
        Includes(policy.Principal, situation.Request.Principal, situation) && Includes(policy.Action, situation.Request.Action, situation) && Includes(policy.Resource, situation.Request.Resource, situation)
            ? _conditions.Evaluate(situation)
            : Value.False;

    private static bool Includes(Scope scope, EntityUid entity, in Situation situation) => scope.Kind switch
    {
        ScopeKind.Any => true,
        ScopeKind.Equal => entity.Equals(scope.Entities[0]),
        ScopeKind.In => situation.IsIn(entity, scope.Entities[0]),
        ScopeKind.Is => IsOf(scope, entity),
        ScopeKind.IsIn => IsOf(scope, entity) && situation.IsIn(entity, scope.Entities[0]),
        _ => IsInAny(scope, entity, situation),
    };

    private static bool IsOf(Scope scope, EntityUid entity) => string.Equals(entity.Type, scope.Type, StringComparison.Ordinal);

    private static bool IsInAny(Scope scope, EntityUid entity, in Situation situation)
    {
        for (var i = 0; i < scope.Entities.Count; i++)
        {
            if (situation.IsIn(entity, scope.Entities[i])) return true;
        }
        return false;
    }
}
