namespace Drizzle.Cedar;

/// <summary>Operators with one operand.</summary>
public enum UnaryOperator
{
    Not,
    Negate,
    IsEmpty,
}

/// <summary>Operators and methods with two operands.</summary>
public enum BinaryOperator
{
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Contains,
    ContainsAll,
    ContainsAny,
    GetTag,
    HasTag,
}

/// <summary>How operators are written.</summary>
internal static class OperatorNames
{
    private static readonly Dictionary<BinaryOperator, string> Names = new()
    {
        [BinaryOperator.Or] = "||", [BinaryOperator.And] = "&&", [BinaryOperator.Equal] = "==", [BinaryOperator.NotEqual] = "!=", [BinaryOperator.Less] = "<", [BinaryOperator.LessOrEqual] = "<=",
        [BinaryOperator.Greater] = ">", [BinaryOperator.GreaterOrEqual] = ">=", [BinaryOperator.In] = "in", [BinaryOperator.Add] = "+", [BinaryOperator.Subtract] = "-", [BinaryOperator.Multiply] = "*",
        [BinaryOperator.Contains] = "contains", [BinaryOperator.ContainsAll] = "containsAll", [BinaryOperator.ContainsAny] = "containsAny", [BinaryOperator.GetTag] = "getTag", [BinaryOperator.HasTag] = "hasTag",
    };

    private static readonly Dictionary<string, BinaryOperator> Operators = Names.ToDictionary(n => n.Value, n => n.Key, StringComparer.Ordinal);

    public static string Name(this BinaryOperator op) => Names[op];

    /// <summary>Whether it is written as a method of its left operand.</summary>
    public static bool IsMethod(this BinaryOperator op) => op >= BinaryOperator.Contains;

    public static bool TryFind(string name, out BinaryOperator op) => Operators.TryGetValue(name, out op);
}
