namespace Drizzle.Cedar.Evaluation;

/// <summary>Makes evaluators of expressions; what does not depend on the request is evaluated here, once.</summary>
internal static class Compiler
{
    private static readonly Situation Nothing = new(new Request(new EntityUid("", ""), new EntityUid("", ""), new EntityUid("", ""), RecordValue.Empty), Entities.None);

    public static Evaluator Compile(IEnumerable<Condition> conditions)
    {
        Evaluator[] parts = [.. conditions.Select(c => c.IsUnless ? new Negation(Compile(c.Body)) : Compile(c.Body))];
        return parts.Length == 0 ? new Constant(Value.True) : new AllOf(parts);
    }

    public static Evaluator Compile(Expression expression)
    {
        StackGuard.Check(expression.At);
        return Parts(expression);
    }

    private static Evaluator Parts(Expression expression) => expression switch
    {
        LiteralExpression e => new Constant(e.Value),
        VariableExpression e => new VariableOf(e.Variable),
        UnaryExpression e => Unary(e),
        BinaryExpression e => Binary(e),
        IfExpression e => new Choice(Compile(e.Condition), Compile(e.Then), Compile(e.Otherwise)),
        AttributeExpression e => new AttributeOf(Compile(e.Of), e.Name),
        HasExpression e => new Presence(Compile(e.Of), e.Name),
        LikeExpression e => new Likeness(Compile(e.Text), e.Pattern),
        IsExpression e => Is(e),
        SetExpression e => Folded([.. e.Elements.Select(Compile)], static parts => new SetOf(parts)),
        RecordExpression e => Record(e),
        CallExpression e => Folded([.. e.Arguments.Select(Compile)], parts => new ExtensionCall(e.Function, parts)),
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression.GetType().Name, "This expression is not known."),
    };

    private static Evaluator Unary(UnaryExpression e)
    {
        var operand = Compile(e.Operand);
        return e.Operator switch
        {
            UnaryOperator.Not => new Negation(operand),
            UnaryOperator.Negate => new Opposite(operand),
            _ => new Emptiness(operand),
        };
    }

    private static Evaluator Binary(BinaryExpression e) => e.Operator switch
    {
        BinaryOperator.And => new AllOf(Chain(e)),
        BinaryOperator.Or => new AnyOf(Chain(e)),
        BinaryOperator.Equal => new Equality(Compile(e.Left), Compile(e.Right), isNegated: false),
        BinaryOperator.NotEqual => new Equality(Compile(e.Left), Compile(e.Right), isNegated: true),
        BinaryOperator.In => new Membership(Compile(e.Left), Compile(e.Right)),
        BinaryOperator.Contains or BinaryOperator.ContainsAll or BinaryOperator.ContainsAny => new Containment(e.Operator, Compile(e.Left), Compile(e.Right)),
        BinaryOperator.GetTag or BinaryOperator.HasTag => new TagOf(Compile(e.Left), Compile(e.Right), e.Operator == BinaryOperator.HasTag),
        _ => new Arithmetic(e.Operator, Compile(e.Left), Compile(e.Right)),
    };

    /// <summary>The links of <c>a &amp;&amp; b &amp;&amp; c</c> side by side, however many there are.</summary>
    private static Evaluator[] Chain(BinaryExpression chain)
    {
        var links = new List<Evaluator>();
        Expression rest = chain;
        while (rest is BinaryExpression e && e.Operator == chain.Operator)
        {
            links.Add(Compile(e.Right));
            rest = e.Left;
        }
        links.Add(Compile(rest));
        links.Reverse();
        return [.. links];
    }

    private static Evaluator Is(IsExpression e)
    {
        var test = new TypeTest(Compile(e.Entity), e.Type);
        return e.Within is null ? test : new AllOf([test, new Membership(Compile(e.Entity), Compile(e.Within))]);
    }

    private static Evaluator Record(RecordExpression e)
    {
        Evaluator[] values = [.. e.Fields.Select(f => Compile(f.Value))];
        return Folded(values, parts => new RecordOf([.. e.Fields.Select((f, i) => (f.Key, parts[i]))]));
    }

    private static Evaluator Folded(Evaluator[] parts, Func<Evaluator[], Evaluator> make)
    {
        var whole = make(parts);
        return Array.TrueForAll(parts, p => p is Constant) ? new Constant(whole.Evaluate(Nothing)) : whole;
    }
}
