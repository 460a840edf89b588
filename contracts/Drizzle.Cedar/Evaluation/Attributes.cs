namespace Drizzle.Cedar.Evaluation;

internal sealed class AttributeOf(Evaluator of, string name) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        var value = of.Evaluate(situation);
        if (value.Kind == ValueKind.Record) return value.AsRecord.TryGet(name, out var field) ? field : Value.Failed($"the record has no '{name}'");
        if (value.Kind != ValueKind.Entity) return Wrong($".{name} wants a record or an entity", value);
        if (situation.Find(value.AsEntity) is not { } node) return Value.Failed($"the entity {value} is not known");
        return node.Entity.Attributes.TryGet(name, out var attribute) ? attribute : Value.Failed($"the entity {value} has no attribute '{name}'");
    }
}

internal sealed class Presence(Evaluator of, string name) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        var value = of.Evaluate(situation);
        return value.Kind switch
        {
            ValueKind.Record => Value.Of(value.AsRecord.Has(name)),
            ValueKind.Entity => Value.Of(situation.Find(value.AsEntity)?.Entity.Attributes.Has(name) == true),
            _ => Wrong("has wants a record or an entity", value),
        };
    }
}

/// <summary>A tag of an entity, or whether it has one.</summary>
internal sealed class TagOf(Evaluator of, Evaluator key, bool isQuestion) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        var entity = of.Evaluate(situation);
        if (entity.IsFailure) return entity;
        var name = key.Evaluate(situation);
        if (name.IsFailure) return name;
        if (entity.Kind != ValueKind.Entity) return Wrong("tags are of entities", entity);
        if (name.Kind != ValueKind.String) return Wrong("the name of a tag is a string", name);
        var node = situation.Find(entity.AsEntity);
        if (isQuestion) return Value.Of(node?.Entity.Tags.Has(name.AsString) == true);
        if (node is null) return Value.Failed($"the entity {entity} is not known");
        return node.Entity.Tags.TryGet(name.AsString, out var tag) ? tag : Value.Failed($"the entity {entity} has no tag {name}");
    }
}
