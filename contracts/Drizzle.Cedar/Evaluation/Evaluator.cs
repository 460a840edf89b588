namespace Drizzle.Cedar.Evaluation;

/// <summary>An expression that is ready to be evaluated. What fails yields a failure as its value, since an exception would cost more than a whole decision.</summary>
internal abstract class Evaluator
{
    public abstract Value Evaluate(in Situation situation);

    protected static Value Wrong(string what, Value found) => found.IsFailure ? found : Value.Failed($"{what}, and this is {Describe(found)}");

    private static string Describe(Value value) => value.Kind switch
    {
        ValueKind.Entity => $"the entity {value}",
        ValueKind.Set => "a set",
        ValueKind.Record => "a record",
        _ => $"{value}",
    };
}

internal sealed class Constant(Value value) : Evaluator
{
    public Value Value => value;

    public override Value Evaluate(in Situation situation) => value;
}

internal sealed class VariableOf(Variable variable) : Evaluator
{
    public override Value Evaluate(in Situation situation) => variable switch
    {
        Variable.Principal => situation.Principal,
        Variable.Action => situation.Action,
        Variable.Resource => situation.Resource,
        _ => situation.Context,
    };
}

/// <summary>Conditions one after the other, each of which has to be a truth; ends with the first false one.</summary>
internal sealed class AllOf(Evaluator[] parts) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        foreach (var part in parts)
        {
            var value = part.Evaluate(situation);
            if (value.Kind != ValueKind.Boolean) return Wrong("&& wants true or false", value);
            if (!value.IsTrue) return Value.False;
        }
        return Value.True;
    }
}

/// <summary>As <see cref="AllOf"/>, but ends with the first true one.</summary>
internal sealed class AnyOf(Evaluator[] parts) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        foreach (var part in parts)
        {
            var value = part.Evaluate(situation);
            if (value.Kind != ValueKind.Boolean) return Wrong("|| wants true or false", value);
            if (value.IsTrue) return Value.True;
        }
        return Value.False;
    }
}

internal sealed class Choice(Evaluator condition, Evaluator then, Evaluator otherwise) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        var chosen = condition.Evaluate(situation);
        if (chosen.Kind != ValueKind.Boolean) return Wrong("if wants true or false", chosen);
        return chosen.IsTrue ? then.Evaluate(situation) : otherwise.Evaluate(situation);
    }
}

internal sealed class Negation(Evaluator operand) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        var value = operand.Evaluate(situation);
        return value.Kind == ValueKind.Boolean ? Value.Of(!value.IsTrue) : Wrong("! wants true or false", value);
    }
}

internal sealed class Opposite(Evaluator operand) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        var value = operand.Evaluate(situation);
        if (value.Kind != ValueKind.Long) return Wrong("- wants a number", value);
        return value.Bits == long.MinValue ? Value.Failed("the opposite of the smallest number does not fit into 64 bits") : Value.Of(-value.Bits);
    }
}

internal sealed class Emptiness(Evaluator operand) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        var value = operand.Evaluate(situation);
        return value.Kind == ValueKind.Set ? Value.Of(value.AsSet.Count == 0) : Wrong("isEmpty wants a set", value);
    }
}

internal sealed class Equality(Evaluator left, Evaluator right, bool isNegated) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        var one = left.Evaluate(situation);
        if (one.IsFailure) return one;
        var other = right.Evaluate(situation);
        return other.IsFailure ? other : Value.Of(one.Equals(other) != isNegated);
    }
}

internal sealed class Likeness(Evaluator text, Pattern pattern) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        var value = text.Evaluate(situation);
        return value.Kind == ValueKind.String ? Value.Of(pattern.Matches(value.AsString)) : Wrong("like wants a string", value);
    }
}

internal sealed class SetOf(Evaluator[] elements) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        var values = new Value[elements.Length];
        for (var i = 0; i < elements.Length; i++)
        {
            values[i] = elements[i].Evaluate(situation);
            if (values[i].IsFailure) return values[i];
        }
        return Value.Of(new SetValue(values));
    }
}

internal sealed class RecordOf((string Name, Evaluator Value)[] fields) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        var values = new Dictionary<string, Value>(fields.Length, StringComparer.Ordinal);
        foreach (var (name, field) in fields)
        {
            var value = field.Evaluate(situation);
            if (value.IsFailure) return value;
            values[name] = value;
        }
        return Value.Of(new RecordValue(values));
    }
}
