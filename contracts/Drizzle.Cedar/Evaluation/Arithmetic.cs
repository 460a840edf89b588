namespace Drizzle.Cedar.Evaluation;

/// <summary>What takes two numbers, or two times.</summary>
internal sealed class Arithmetic(BinaryOperator op, Evaluator left, Evaluator right) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        var one = left.Evaluate(situation);
        if (one.IsFailure) return one;
        var other = right.Evaluate(situation);
        if (other.IsFailure) return other;
        return op is BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply ? Calculate(one, other) : Compare(one, other);
    }

    private Value Calculate(Value one, Value other)
    {
        if (one.Kind != ValueKind.Long) return Wrong($"{op.Name()} wants numbers", one);
        if (other.Kind != ValueKind.Long) return Wrong($"{op.Name()} wants numbers", other);
        var result = op switch
        {
            BinaryOperator.Add => (Int128)one.Bits + other.Bits,
            BinaryOperator.Subtract => (Int128)one.Bits - other.Bits,
            _ => (Int128)one.Bits * other.Bits,
        };
        return result >= long.MinValue && result <= long.MaxValue ? Value.Of((long)result) : Value.Failed($"{one} {op.Name()} {other} does not fit into 64 bits");
    }

    private Value Compare(Value one, Value other)
    {
        if (one.Kind is not (ValueKind.Long or ValueKind.Datetime or ValueKind.Duration)) return Wrong($"{op.Name()} wants numbers, datetimes or durations", one);
        if (one.Kind != other.Kind) return Wrong($"{op.Name()} wants two of one kind", other);
        return Value.Of(op switch
        {
            BinaryOperator.Less => one.Bits < other.Bits,
            BinaryOperator.LessOrEqual => one.Bits <= other.Bits,
            BinaryOperator.Greater => one.Bits > other.Bits,
            _ => one.Bits >= other.Bits,
        });
    }
}
