namespace Drizzle.Cedar.Validation;

/// <summary>Whether all entities, types and actions that a policy names are of the schema; also where the name can make no difference.</summary>
internal sealed class NameCheck(Schema schema, Mistakes mistakes)
{
    public void Check(Policy policy)
    {
        foreach (var scope in (Scope[])[policy.Principal, policy.Action, policy.Resource])
        {
            foreach (var entity in scope.Entities) CheckEntity(entity, scope.At);
            if (scope.Type is { } type) CheckType(type, scope.At);
        }
        foreach (var condition in policy.Conditions) Check(condition.Body);
    }

    private void Check(Expression expression)
    {
        if (expression is LiteralExpression { Value: { Kind: ValueKind.Entity } value }) CheckEntity(value.AsEntity, expression.At);
        if (expression is IsExpression test) CheckType(test.Type, test.At);
        foreach (var part in expression.Parts) Check(part);
    }

    private void CheckType(string type, TextPosition at)
    {
        if (!schema.IsKnown(type)) mistakes.Add($"There is no entity type '{type}'.", at);
    }

    private void CheckEntity(EntityUid entity, TextPosition at)
    {
        CheckType(entity.Type, at);
        if (ActionTypes.Is(entity.Type))
        {
            if (!schema.Actions.ContainsKey(entity)) mistakes.Add($"There is no action {entity}.", at);
        }
        else if (schema.TryGetType(entity.Type, out var type) && type.Ids?.Contains(entity.Id) == false)
        {
            mistakes.Add($"{entity} is none of the entities that {entity.Type} lists.", at);
        }
    }
}
