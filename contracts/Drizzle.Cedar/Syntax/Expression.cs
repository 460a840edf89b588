namespace Drizzle.Cedar;

/// <summary>An expression, as it was written.</summary>
public abstract class Expression
{
    private protected Expression(TextPosition at, params ReadOnlySpan<Expression> parts)
    {
        (At, Size) = (at, 1);
        foreach (var part in parts)
        {
            Depth = Math.Max(Depth, part.Depth + 1);
            Size = Math.Min(CedarLimits.Size + 1, Size + part.Size);
        }
        if (Depth > CedarLimits.Depth) throw new CedarException($"The expression is more than {CedarLimits.Depth} operators deep.", at);
        // Also where few characters stand for much work, as with 'has' of several names within each other.
        if (Size > CedarLimits.Size) throw new CedarException($"The expression is worth more than {CedarLimits.Size} operators.", at);
    }

    public TextPosition At { get; }

    /// <summary>How many expressions stand under each other.</summary>
    internal int Depth { get; }

    /// <summary>How many there are, this one included.</summary>
    internal int Size { get; }

    /// <summary>What it is made of, in the order in which it stands there.</summary>
    internal IReadOnlyList<Expression> Parts => this switch
    {
        UnaryExpression e => [e.Operand],
        BinaryExpression e => [e.Left, e.Right],
        IfExpression e => [e.Condition, e.Then, e.Otherwise],
        AttributeExpression e => [e.Of],
        HasExpression e => [e.Of],
        LikeExpression e => [e.Text],
        IsExpression e => e.Within is null ? [e.Entity] : [e.Entity, e.Within],
        SetExpression e => e.Elements,
        RecordExpression e => [.. e.Fields.Select(f => f.Value)],
        CallExpression e => e.Arguments,
        _ => [],
    };
}

/// <summary>A boolean, a long, a string or an entity.</summary>
public sealed class LiteralExpression(Value value, TextPosition at = default) : Expression(at)
{
    public Value Value => value;
}

/// <summary>The variables of a request.</summary>
public enum Variable
{
    Principal,
    Action,
    Resource,
    Context,
}

public sealed class VariableExpression(Variable variable, TextPosition at = default) : Expression(at)
{
    public Variable Variable => variable;
}

public sealed class UnaryExpression(UnaryOperator op, Expression operand, TextPosition at = default) : Expression(at, operand)
{
    public UnaryOperator Operator => op;

    public Expression Operand => operand;
}

public sealed class BinaryExpression(BinaryOperator op, Expression left, Expression right, TextPosition at = default) : Expression(at, left, right)
{
    public BinaryOperator Operator => op;

    public Expression Left => left;

    public Expression Right => right;
}

public sealed class IfExpression(Expression condition, Expression then, Expression otherwise, TextPosition at = default) : Expression(at, condition, then, otherwise)
{
    public Expression Condition => condition;

    public Expression Then => then;

    public Expression Otherwise => otherwise;
}

/// <summary>A field of a record, or an attribute of an entity.</summary>
public sealed class AttributeExpression(Expression of, string name, TextPosition at = default) : Expression(at, of)
{
    public Expression Of => of;

    public string Name => name;
}

/// <summary>Whether there is such a field or attribute.</summary>
public sealed class HasExpression(Expression of, string name, TextPosition at = default) : Expression(at, of)
{
    public Expression Of => of;

    public string Name => name;
}

public sealed class LikeExpression(Expression text, Pattern pattern, TextPosition at = default) : Expression(at, text)
{
    public Expression Text => text;

    public Pattern Pattern => pattern;
}

/// <summary>Whether an entity is of a type, and in another where one is named: two questions about the entity.</summary>
public sealed class IsExpression(Expression entity, string type, Expression? within, TextPosition at = default) : Expression(at, within is null ? [entity] : [entity, entity, within])
{
    public Expression Entity => entity;

    public string Type => type;

    public Expression? Within => within;
}

public sealed class SetExpression(IReadOnlyList<Expression> elements, TextPosition at = default) : Expression(at, [.. elements])
{
    public IReadOnlyList<Expression> Elements => elements;
}

public sealed class RecordExpression(IReadOnlyList<KeyValuePair<string, Expression>> fields, TextPosition at = default) : Expression(at, [.. fields.Select(f => f.Value)])
{
    /// <summary>In the order in which they were written; no name is there twice.</summary>
    public IReadOnlyList<KeyValuePair<string, Expression>> Fields => fields;
}

/// <summary>A function of an extension; of a method the first argument is what it is called on. That there are as many arguments as it takes is for validation to see.</summary>
public sealed class CallExpression(ExtensionFunction function, IReadOnlyList<Expression> arguments, TextPosition at = default) : Expression(at, [.. arguments])
{
    public ExtensionFunction Function => function;

    public IReadOnlyList<Expression> Arguments => arguments;
}
