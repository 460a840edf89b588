using Drizzle.Cedar.Printing;

namespace Drizzle.Cedar.Validation;

/// <summary>What is about entities, their attributes and their tags, and about sets and records.</summary>
internal sealed partial class TypeChecker
{
    private readonly Dictionary<Expression, string> _texts = new(ReferenceEqualityComparer.Instance);

    private string TextOf(Expression expression)
    {
        if (!_texts.TryGetValue(expression, out var text)) _texts[expression] = text = ExpressionPrinter.Print(expression);
        return text;
    }

    private Answer Equal(Capabilities prior, BinaryExpression e)
    {
        var (left, right) = (Check(prior, e.Left), Check(prior, e.Right));
        var isOk = left.IsOk && right.IsOk;
        if (left.Type is EntityType one && right.Type is EntityType other && one.Name != other.Name) return Answer.Of(CedarType.False).If(isOk);
        if (LiteralOf(e.Left) is { } a && LiteralOf(e.Right) is { } b) return Truth(a == b).If(isOk);
        if (left.Type is null || right.Type is null) return Answer.Wrong(CedarType.Boolean);
        return Join(e, left.Type, right.Type) is null ? Answer.Wrong(CedarType.Boolean) : Answer.Of(CedarType.Boolean).If(isOk);
    }

    /// <summary>The value of a literal; the action is one for each kind of request.</summary>
    private Value? LiteralOf(Expression expression) => expression switch
    {
        LiteralExpression e => e.Value,
        VariableExpression { Variable: Variable.Action } => Value.Of(request.Action.Uid),
        _ => null,
    };

    private Answer Is(Capabilities prior, IsExpression e)
    {
        var test = IsOf(Expect(prior, e.Entity, CedarType.AnyEntity), e.Type);
        return e.Within is null ? test : And(test, prior, p => In(p, new BinaryExpression(BinaryOperator.In, e.Entity, e.Within, e.At)));
    }

    private static Answer IsOf(Answer entity, string type) => entity.Type switch
    {
        EntityType found => Truth(found.Name == type).If(entity.IsOk),
        null => Answer.Wrong(CedarType.Boolean),
        _ => Answer.Of(CedarType.Boolean).If(entity.IsOk),
    };

    private Answer In(Capabilities prior, BinaryExpression e)
    {
        var left = Expect(prior, e.Left, CedarType.AnyEntity);
        var right = Expect(prior, e.Right, CedarType.EntitySet, CedarType.AnyEntity);
        if (!left.IsOk || !right.IsOk) return Answer.Wrong(CedarType.Boolean);
        if (LiteralOf(e.Left) is { Kind: ValueKind.Entity } action && ActionTypes.Is(action.AsEntity.Type) && EntitiesOf(e.Right) is { } containers) return ActionIn(action.AsEntity, containers);
        var container = right.Type is SetType set ? set.Element : right.Type;
        return left.Type is EntityType one && container is EntityType other && !MayBeIn(one.Name, other.Name) ? Answer.Of(CedarType.False) : Answer.Of(CedarType.Boolean);
    }

    private Answer ActionIn(EntityUid action, List<EntityUid> containers)
    {
        List<EntityUid> actions = [.. containers.Where(c => ActionTypes.Is(c.Type))];
        if (!actions.TrueForAll(schema.Actions.ContainsKey)) return Answer.Wrong(CedarType.Boolean);
        return Truth(actions.Exists(a => a.Equals(action) || schema.Actions[a].Descendants.Contains(action)));
    }

    /// <summary>The entities of a literal, or of a set of them.</summary>
    private List<EntityUid>? EntitiesOf(Expression expression)
    {
        if (LiteralOf(expression) is { Kind: ValueKind.Entity } one) return [one.AsEntity];
        if (expression is not SetExpression set) return null;
        List<Value?> elements = [.. set.Elements.Select(LiteralOf)];
        return elements.TrueForAll(e => e?.Kind == ValueKind.Entity) ? [.. elements.Select(e => e.GetValueOrDefault().AsEntity)] : null;
    }

    private RecordType AttributesOf(CedarType type) => type switch
    {
        RecordType record => record,
        EntityType entity when schema.TryGetType(entity.Name, out var definition) => definition.Attributes,
        _ => RecordType.Empty,
    };

    private Answer Attribute(Capabilities prior, AttributeExpression e)
    {
        var of = Expect(prior, e.Of, CedarType.AnyEntity, CedarType.AnyRecord);
        if (of.Type is null) return Answer.Wrong(null);
        if (!AttributesOf(of.Type).Fields.TryGetValue(e.Name, out var field))
        {
            mistakes.Add($"{(of.Type is EntityType entity ? entity.Name : "The record")} has no attribute '{e.Name}'.", e.At);
            return Answer.Wrong(null);
        }
        if (field.IsRequired || prior.Contains(new Capability(TextOf(e.Of), e.Name, IsTag: false))) return Answer.Of(field.Type).If(of.IsOk);
        mistakes.Add($"The attribute '{e.Name}' may be missing: ask '{TextOf(e.Of)} has {e.Name}' before.", e.At);
        return Answer.Wrong(field.Type);
    }

    private Answer Has(Capabilities prior, HasExpression e)
    {
        var of = Expect(prior, e.Of, CedarType.AnyEntity, CedarType.AnyRecord);
        if (of.Type is null) return Answer.Wrong(CedarType.Boolean);
        if (!AttributesOf(of.Type).Fields.TryGetValue(e.Name, out var field)) return Answer.Of(CedarType.False).If(of.IsOk);
        var capability = new Capability(TextOf(e.Of), e.Name, IsTag: false);
        // That an entity has an attribute is not certain even where it must, since the entity may be missing.
        var isCertain = prior.Contains(capability) || (field.IsRequired && of.Type is RecordType);
        return new Answer(true, isCertain ? CedarType.True : CedarType.Boolean, Capabilities.None.With(capability)).If(of.IsOk);
    }

    private CedarType? TagsOf(CedarType? type) => type is EntityType entity && schema.TryGetType(entity.Name, out var definition) ? definition.Tags : null;

    private Answer HasTag(Capabilities prior, BinaryExpression e)
    {
        var (of, key) = (Expect(prior, e.Left, CedarType.AnyEntity), Expect(prior, e.Right, CedarType.String));
        if (of.Type is null) return Answer.Wrong(CedarType.Boolean);
        var capability = new Capability(TextOf(e.Left), TextOf(e.Right), IsTag: true);
        var type = TagsOf(of.Type) is null ? CedarType.False : prior.Contains(capability) ? CedarType.True : CedarType.Boolean;
        return new Answer(true, type, Capabilities.None.With(capability)).If(of.IsOk && key.IsOk);
    }

    private Answer GetTag(Capabilities prior, BinaryExpression e)
    {
        var (of, key) = (Expect(prior, e.Left, CedarType.AnyEntity), Expect(prior, e.Right, CedarType.String));
        if (of.Type is null) return Answer.Wrong(null);
        if (!prior.Contains(new Capability(TextOf(e.Left), TextOf(e.Right), IsTag: true)))
        {
            mistakes.Add($"The tag may be missing: ask '{TextOf(e.Left)}.hasTag({TextOf(e.Right)})' before.", e.At);
            return Answer.Wrong(null);
        }
        if (TagsOf(of.Type) is { } tags) return Answer.Of(tags).If(of.IsOk && key.IsOk);
        mistakes.Add($"{of.Type} has no tags.", e.At);
        return Answer.Wrong(null);
    }

    private Answer Containment(Capabilities prior, BinaryExpression e)
    {
        var set = Expect(prior, e.Left, CedarType.AnySet);
        var other = e.Operator == BinaryOperator.Contains ? Check(prior, e.Right) : Expect(prior, e.Right, CedarType.AnySet);
        if (set.Type is null || other.Type is null) return Answer.Wrong(CedarType.Boolean);
        var one = e.Operator == BinaryOperator.Contains && set.Type is SetType { Element: var element } ? element : set.Type;
        return Join(e, one, other.Type) is null ? Answer.Wrong(CedarType.Boolean) : Answer.Of(CedarType.Boolean).If(set.IsOk && other.IsOk);
    }

    private Answer Set(Capabilities prior, SetExpression e)
    {
        if (e.Elements.Count == 0)
        {
            mistakes.Add("Of an empty set nobody can say what it is a set of: use isEmpty() to ask for one.", e.At);
            return Answer.Wrong(null);
        }
        Answer[] elements = [.. e.Elements.Select(element => Check(prior, element))];
        CedarType?[] types = [.. elements.Select(a => a.Type)];
        // Where one is unknown, what the others are makes no difference.
        if (types.Contains(null) || Join(e, types) is not { } joined) return Answer.Wrong(null);
        return Answer.Of(new SetType(joined)).If(Array.TrueForAll(elements, a => a.IsOk));
    }

    private Answer Record(Capabilities prior, RecordExpression e)
    {
        var fields = new Dictionary<string, Field>(StringComparer.Ordinal);
        var (isOk, isKnown) = (true, true);
        foreach (var (name, value) in e.Fields)
        {
            var field = Check(prior, value);
            isOk &= field.IsOk;
            if (field.Type is { } type) fields[name] = new Field(type, IsRequired: true);
            else isKnown = false;
        }
        return isKnown ? Answer.Of(new RecordType(fields)).If(isOk) : Answer.Wrong(null);
    }

    private Answer Call(Capabilities prior, CallExpression e)
    {
        var result = CedarType.Of(e.Function.Result);
        if (CallMistake(e) is { } mistake)
        {
            mistakes.Add(mistake, e.At);
            foreach (var argument in e.Arguments) Check(prior, argument);
            return Answer.Wrong(result);
        }
        var isOk = true;
        for (var i = 0; i < e.Arguments.Count; i++) isOk &= Expect(prior, e.Arguments[i], CedarType.Of(e.Function.Parameters[i])).IsOk;
        return Answer.Of(result).If(isOk);
    }

    private static string? CallMistake(CallExpression e)
    {
        if (e.Arguments.Count != e.Function.Parameters.Count) return $"'{e.Function.Name}' takes {e.Function.Parameters.Count} arguments, and {e.Arguments.Count} are given.";
        if (!e.Function.IsConstructor) return null;
        if (e.Arguments[0] is not LiteralExpression literal) return $"'{e.Function.Name}' is only called with a text that stands in the policy.";
        return literal.Value.Kind == ValueKind.String && e.Function.Construct(literal.Value.AsString) is { IsFailure: true } failed ? $"{failed.Failure}." : null;
    }
}
