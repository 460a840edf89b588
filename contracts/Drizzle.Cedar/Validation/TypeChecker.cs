namespace Drizzle.Cedar.Validation;

/// <summary>Finds the types of a policy's expressions for one kind of request.</summary>
internal sealed partial class TypeChecker(Schema schema, RequestTypes request, Mistakes mistakes)
{
    private static readonly CedarType[] Comparable = [CedarType.Long, CedarType.Datetime, CedarType.Duration];

    /// <summary>Checks scope and conditions. What is false by its type hides what stands behind it.</summary>
    /// <param name="body">The conditions, one after the other.</param>
    /// <returns>Whether the policy is false for every request of this kind.</returns>
    public bool IsNeverTrue(Policy policy, IReadOnlyList<Expression> body)
    {
        Func<Capabilities, Answer>[] parts =
        [
            p => ScopeOf(policy.Principal, new EntityType(request.Principal), request.PrincipalSlot),
            p => ActionScope(policy.Action),
            p => ScopeOf(policy.Resource, new EntityType(request.Resource), request.ResourceSlot),
            .. body.Select<Expression, Func<Capabilities, Answer>>(e => prior => Expect(prior, e, CedarType.Boolean)),
        ];
        return All(parts, 0, Capabilities.None).Type == CedarType.False;
    }

    /// <summary>One and all behind it.</summary>
    private static Answer All(Func<Capabilities, Answer>[] parts, int index, Capabilities prior) =>
        index == parts.Length ? Answer.Of(CedarType.True) : And(parts[index](prior), prior, p => All(parts, index + 1, p));

    private static Answer Truth(bool value) => Answer.Of(value ? CedarType.True : CedarType.False);

    private Answer ScopeOf(Scope scope, EntityType variable, string? slot)
    {
        if (scope.Kind == ScopeKind.Any) return Truth(true);
        if (scope.Type is { } type && (scope.Kind == ScopeKind.Is || variable.Name != type)) return Truth(variable.Name == type);
        var target = scope.Slot is null ? scope.Entity.Type : slot ?? variable.Name;
        if (scope.Slot is null && !schema.IsKnown(target)) return Answer.Wrong(CedarType.Boolean);
        if (scope.Kind == ScopeKind.Equal) return Answer.Of(variable.Name == target ? CedarType.Boolean : CedarType.False);
        return Answer.Of(MayBeIn(variable.Name, target) ? CedarType.Boolean : CedarType.False);
    }

    private Answer ActionScope(Scope scope)
    {
        if (scope.Kind == ScopeKind.Any) return Truth(true);
        if (scope.Kind == ScopeKind.Equal) return schema.Actions.ContainsKey(scope.Entity) ? Truth(scope.Entity.Equals(request.Action.Uid)) : Answer.Wrong(CedarType.Boolean);
        if (scope.Entities.Count == 0)
        {
            mistakes.Add("An empty list of actions applies to none.", scope.At);
            return Answer.Wrong(null);
        }
        return scope.Entities.All(schema.Actions.ContainsKey) ? Truth(scope.Entities.Any(e => e.Equals(request.Action.Uid) || request.Action.Ancestors.Contains(e))) : Answer.Wrong(CedarType.Boolean);
    }

    /// <summary>Whether entities of one type can be in one of another; of actions too.</summary>
    private bool MayBeIn(string type, string container) =>
        schema.MayBeIn(type, container) || schema.Actions.Values.Any(a => a.Uid.Type == container && a.Descendants.Any(d => d.Type == type));

    private Answer Check(Capabilities prior, Expression expression)
    {
        StackGuard.Check(expression.At);
        return Parts(prior, expression);
    }

    private Answer Parts(Capabilities prior, Expression expression) => expression switch
    {
        LiteralExpression e => Literal(e),
        VariableExpression e => Answer.Of(e.Variable switch
        {
            Variable.Principal => new EntityType(request.Principal),
            Variable.Action => new EntityType(request.Action.Uid.Type),
            Variable.Resource => new EntityType(request.Resource),
            _ => request.Action.Context,
        }),
        UnaryExpression e => Unary(prior, e),
        BinaryExpression e => Binary(prior, e),
        IfExpression e => If(prior, e),
        AttributeExpression e => Attribute(prior, e),
        HasExpression e => Has(prior, e),
        LikeExpression e => Answer.Of(CedarType.Boolean).If(Expect(prior, e.Text, CedarType.String).IsOk),
        IsExpression e => Is(prior, e),
        SetExpression e => Set(prior, e),
        RecordExpression e => Record(prior, e),
        _ => Call(prior, (CallExpression)expression),
    };

    /// <summary>The type of an expression, which has to be one of these.</summary>
    private Answer Expect(Capabilities prior, Expression expression, params ReadOnlySpan<CedarType> wanted)
    {
        var answer = Check(prior, expression);
        if (answer.Type is null) return answer;
        foreach (var type in wanted)
        {
            if (Schemas.Lattice.Fits(answer.Type, type)) return answer;
        }
        mistakes.Add($"Expected {string.Join(" or ", wanted.ToArray().Select(w => w.ToString()))}, and this is {answer.Type}.", expression.At);
        return Answer.Wrong(null);
    }

    private Answer Literal(LiteralExpression e) => e.Value.Kind switch
    {
        ValueKind.Boolean => Truth(e.Value.AsBoolean),
        ValueKind.Long => Answer.Of(CedarType.Long),
        ValueKind.String => Answer.Of(CedarType.String),
        // That it is not known was said before.
        _ => IsDeclared(e.Value.AsEntity) ? Answer.Of(new EntityType(e.Value.AsEntity.Type)) : Answer.Wrong(null),
    };

    private bool IsDeclared(EntityUid entity) => ActionTypes.Is(entity.Type) ? schema.Actions.ContainsKey(entity) : schema.EntityTypes.ContainsKey(entity.Type);

    private Answer If(Capabilities prior, IfExpression e)
    {
        var condition = Expect(prior, e.Condition, CedarType.Boolean);
        if (condition.Type == CedarType.True)
        {
            var taken = Check(prior.With(condition.Gained), e.Then);
            return (taken with { Gained = taken.Gained.With(condition.Gained) }).If(condition.IsOk && taken.IsOk);
        }
        if (condition.Type == CedarType.False) return Check(prior, e.Otherwise) is var other ? other.If(condition.IsOk && other.IsOk) : default;
        var then = Check(prior.With(condition.Gained), e.Then);
        var otherwise = Check(prior, e.Otherwise);
        if (Join(e, then.Type, otherwise.Type) is not { } type) return Answer.Wrong(null);
        return new Answer(true, type, then.Gained.With(condition.Gained).Shared(otherwise.Gained)).If(condition.IsOk && then.IsOk && otherwise.IsOk);
    }

    /// <summary>The type that has the values of all; says so where there is none, unless one is unknown anyway.</summary>
    private CedarType? Join(Expression of, params ReadOnlySpan<CedarType?> types)
    {
        var joined = CedarType.Never;
        foreach (var type in types)
        {
            if (type is null) return null;
            if (Schemas.Lattice.Join(joined, type) is not { } next)
            {
                mistakes.Add($"{joined} and {type} do not go together.", of.At);
                return null;
            }
            joined = next;
        }
        return joined;
    }

    private static Answer And(Answer left, Capabilities prior, Func<Capabilities, Answer> right)
    {
        if (left.Type == CedarType.False) return Answer.Of(CedarType.False).If(left.IsOk);
        var second = right(prior.With(left.Gained));
        var isOk = left.IsOk && second.IsOk;
        if (left.Type is null || second.Type is null) return second.Type == CedarType.False && left.Type is not null ? Answer.Of(CedarType.False).If(isOk) : Answer.Wrong(CedarType.Boolean);
        if (second.Type == CedarType.False) return Answer.Of(CedarType.False).If(isOk);
        if (second.Type == CedarType.True) return new Answer(true, left.Type, left.Gained.With(second.Gained)).If(isOk);
        return left.Type == CedarType.True
            ? new Answer(true, second.Type, second.Gained).If(isOk)
            : new Answer(true, CedarType.Boolean, left.Gained.With(second.Gained)).If(isOk);
    }

    private Answer Or(Capabilities prior, BinaryExpression e)
    {
        var left = Expect(prior, e.Left, CedarType.Boolean);
        if (left.Type == CedarType.True) return left;
        var right = Expect(prior, e.Right, CedarType.Boolean);
        var isOk = left.IsOk && right.IsOk;
        if (left.Type is null || right.Type is null) return Answer.Wrong(CedarType.Boolean);
        if (right.Type == CedarType.True) return new Answer(true, CedarType.True, right.Gained).If(isOk);
        if (right.Type == CedarType.False) return new Answer(true, left.Type, left.Gained).If(isOk);
        return left.Type == CedarType.False
            ? new Answer(true, right.Type, right.Gained).If(isOk)
            : new Answer(true, CedarType.Boolean, left.Gained.Shared(right.Gained)).If(isOk);
    }

    private Answer Unary(Capabilities prior, UnaryExpression e) => e.Operator switch
    {
        UnaryOperator.Not => Not(Expect(prior, e.Operand, CedarType.Boolean)),
        UnaryOperator.Negate => Answer.Of(CedarType.Long).If(Expect(prior, e.Operand, CedarType.Long).IsOk),
        _ => Answer.Of(CedarType.Boolean).If(Expect(prior, e.Operand, CedarType.AnySet).IsOk),
    };

    private static Answer Not(Answer operand) => Answer.Of(operand.Type == CedarType.True ? CedarType.False : operand.Type == CedarType.False ? CedarType.True : CedarType.Boolean).If(operand.IsOk);

    private Answer Binary(Capabilities prior, BinaryExpression e)
    {
        switch (e.Operator)
        {
            case BinaryOperator.And: return And(Expect(prior, e.Left, CedarType.Boolean), prior, p => Expect(p, e.Right, CedarType.Boolean));
            case BinaryOperator.Or: return Or(prior, e);
            case BinaryOperator.Equal: return Equal(prior, e);
            case BinaryOperator.NotEqual: return Not(Equal(prior, e));
            case BinaryOperator.In: return In(prior, e);
            case BinaryOperator.Contains or BinaryOperator.ContainsAll or BinaryOperator.ContainsAny: return Containment(prior, e);
            case BinaryOperator.HasTag: return HasTag(prior, e);
            case BinaryOperator.GetTag: return GetTag(prior, e);
            case BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply:
                var (left, right) = (Expect(prior, e.Left, CedarType.Long), Expect(prior, e.Right, CedarType.Long));
                return Answer.Of(CedarType.Long).If(left.IsOk && right.IsOk);
            default: return Compare(prior, e);
        }
    }

    private Answer Compare(Capabilities prior, BinaryExpression e)
    {
        var (left, right) = (Check(prior, e.Left), Check(prior, e.Right));
        var isOk = left.IsOk && right.IsOk;
        if (left.Type is null || right.Type is null) return Answer.Wrong(CedarType.Boolean);
        if (left.Type == right.Type && Comparable.Contains(left.Type)) return Answer.Of(CedarType.Boolean).If(isOk);
        mistakes.Add($"'{e.Operator.Name()}' compares two numbers, two datetimes or two durations, and these are {left.Type} and {right.Type}.", e.At);
        return Answer.Wrong(CedarType.Boolean);
    }
}
