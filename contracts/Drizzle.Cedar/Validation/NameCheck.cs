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
        switch (expression)
        {
            case LiteralExpression { Value: { Kind: ValueKind.Entity } value } e: CheckEntity(value.AsEntity, e.At); break;
            case UnaryExpression e: Check(e.Operand); break;
            case BinaryExpression e: CheckAll(e.Left, e.Right); break;
            case IfExpression e: CheckAll(e.Condition, e.Then, e.Otherwise); break;
            case AttributeExpression e: Check(e.Of); break;
            case HasExpression e: Check(e.Of); break;
            case LikeExpression e: Check(e.Text); break;
            case IsExpression e:
                CheckType(e.Type, e.At);
                Check(e.Entity);
                if (e.Within is not null) Check(e.Within);
                break;
            case SetExpression e: CheckAll([.. e.Elements]); break;
            case RecordExpression e: CheckAll([.. e.Fields.Select(f => f.Value)]); break;
            case CallExpression e: CheckAll([.. e.Arguments]); break;
        }
    }

    private void CheckAll(params ReadOnlySpan<Expression> expressions)
    {
        foreach (var expression in expressions) Check(expression);
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
