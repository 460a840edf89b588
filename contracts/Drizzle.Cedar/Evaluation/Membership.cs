namespace Drizzle.Cedar.Evaluation;

/// <summary>Whether an entity is in another, or in one of a set.</summary>
internal sealed class Membership(Evaluator left, Evaluator right) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        var entity = left.Evaluate(situation);
        if (entity.IsFailure) return entity;
        var container = right.Evaluate(situation);
        if (container.IsFailure) return container;
        if (entity.Kind != ValueKind.Entity) return Wrong("in wants an entity", entity);
        return container.Kind switch
        {
            ValueKind.Entity => Value.Of(situation.IsIn(entity.AsEntity, container.AsEntity)),
            ValueKind.Set => InAny(entity.AsEntity, container.AsSet, situation),
            _ => Wrong("in wants an entity or a set of them", container),
        };
    }

    /// <summary>All of the set have to be entities, also those behind a match.</summary>
    private static Value InAny(EntityUid entity, SetValue containers, in Situation situation)
    {
        var isIn = false;
        foreach (var container in containers.Elements)
        {
            if (container.Kind != ValueKind.Entity) return Wrong("in wants a set of entities", container);
            isIn = isIn || situation.IsIn(entity, container.AsEntity);
        }
        return Value.Of(isIn);
    }
}

/// <summary>Whether an entity is of a type.</summary>
internal sealed class TypeTest(Evaluator of, string type) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        var value = of.Evaluate(situation);
        return value.Kind == ValueKind.Entity ? Value.Of(string.Equals(value.AsEntity.Type, type, StringComparison.Ordinal)) : Wrong("is wants an entity", value);
    }
}

/// <summary>contains, containsAll and containsAny.</summary>
internal sealed class Containment(BinaryOperator op, Evaluator left, Evaluator right) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        var set = left.Evaluate(situation);
        if (set.IsFailure) return set;
        var other = right.Evaluate(situation);
        if (other.IsFailure) return other;
        if (set.Kind != ValueKind.Set) return Wrong($"{op.Name()} wants a set", set);
        if (op == BinaryOperator.Contains) return Value.Of(set.AsSet.Contains(other));
        if (other.Kind != ValueKind.Set) return Wrong($"{op.Name()} wants a set", other);
        return Value.Of(op == BinaryOperator.ContainsAll ? set.AsSet.ContainsAll(other.AsSet) : set.AsSet.ContainsAny(other.AsSet));
    }
}
