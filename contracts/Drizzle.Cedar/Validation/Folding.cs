namespace Drizzle.Cedar.Validation;

/// <summary>Makes one literal of <c>&amp;&amp;</c> and <c>||</c> of two, as the reference does when it reads; types depend on it.</summary>
internal static class Folding
{
    public static IReadOnlyList<Expression> Fold(IReadOnlyList<Condition> conditions) =>
        [.. conditions.Select(c => c.IsUnless ? new UnaryExpression(UnaryOperator.Not, Fold(c.Body), c.Body.At) : Fold(c.Body))];

    private static Expression Fold(Expression expression)
    {
        StackGuard.Check(expression.At);
        return Parts(expression);
    }

    private static Expression Parts(Expression expression) => expression switch
    {
        UnaryExpression e => new UnaryExpression(e.Operator, Fold(e.Operand), e.At),
        BinaryExpression e => Binary(e, Fold(e.Left), Fold(e.Right)),
        IfExpression e => new IfExpression(Fold(e.Condition), Fold(e.Then), Fold(e.Otherwise), e.At),
        AttributeExpression e => new AttributeExpression(Fold(e.Of), e.Name, e.At),
        HasExpression e => new HasExpression(Fold(e.Of), e.Name, e.At),
        LikeExpression e => new LikeExpression(Fold(e.Text), e.Pattern, e.At),
        IsExpression e => new IsExpression(Fold(e.Entity), e.Type, e.Within is null ? null : Fold(e.Within), e.At),
        SetExpression e => new SetExpression([.. e.Elements.Select(Fold)], e.At),
        RecordExpression e => new RecordExpression([.. e.Fields.Select(f => KeyValuePair.Create(f.Key, Fold(f.Value)))], e.At),
        CallExpression e => new CallExpression(e.Function, [.. e.Arguments.Select(Fold)], e.At),
        _ => expression,
    };

    private static Expression Binary(BinaryExpression e, Expression left, Expression right)
    {
        if (e.Operator is BinaryOperator.And or BinaryOperator.Or && Truth(left) is { } one && Truth(right) is { } other)
        {
            return new LiteralExpression(Value.Of(e.Operator == BinaryOperator.And ? one && other : one || other), e.At);
        }
        return new BinaryExpression(e.Operator, left, right, e.At);
    }

    private static bool? Truth(Expression expression) => expression is LiteralExpression { Value: { Kind: ValueKind.Boolean } value } ? value.AsBoolean : null;
}
