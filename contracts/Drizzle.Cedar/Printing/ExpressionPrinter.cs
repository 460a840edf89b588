using System.Text;
using Drizzle.Cedar.Parsing;

namespace Drizzle.Cedar.Printing;

/// <summary>Writes expressions, with brackets where the order of things needs them.</summary>
internal static class ExpressionPrinter
{
    /// <summary>How tightly the parts of an expression hold together, from the loosest on.</summary>
    private enum Tightness
    {
        If,
        Or,
        And,
        Relation,
        Sum,
        Product,
        Unary,
        Member,
    }

    public static string Print(Expression expression)
    {
        var text = new StringBuilder();
        Write(text, expression, Tightness.If);
        return text.ToString();
    }

    private static void Write(StringBuilder to, Expression expression, Tightness least)
    {
        var isLoose = TightnessOf(expression) < least;
        if (isLoose) to.Append('(');
        WriteBare(to, expression);
        if (isLoose) to.Append(')');
    }

    private static Tightness TightnessOf(Expression expression) => expression switch
    {
        IfExpression => Tightness.If,
        BinaryExpression e => TightnessOf(e.Operator),
        HasExpression or LikeExpression or IsExpression => Tightness.Relation,
        UnaryExpression { Operator: not UnaryOperator.IsEmpty } => Tightness.Unary,
        LiteralExpression { Value: { Kind: ValueKind.Long, Bits: < 0 } } => Tightness.Unary,
        _ => Tightness.Member,
    };

    private static Tightness TightnessOf(BinaryOperator op) => op switch
    {
        BinaryOperator.Or => Tightness.Or,
        BinaryOperator.And => Tightness.And,
        BinaryOperator.Add or BinaryOperator.Subtract => Tightness.Sum,
        BinaryOperator.Multiply => Tightness.Product,
        _ => op.IsMethod() ? Tightness.Member : Tightness.Relation,
    };

    private static void WriteBare(StringBuilder to, Expression expression)
    {
        switch (expression)
        {
            case LiteralExpression e: to.Append(e.Value.ToString()); break;
            case VariableExpression e: to.Append(e.Variable.ToString().ToLowerInvariant()); break;
            case UnaryExpression e: WriteUnary(to, e); break;
            case BinaryExpression e: WriteBinary(to, e); break;
            case IfExpression e: WriteIf(to, e); break;
            case AttributeExpression e: WriteAttribute(to, e); break;
            case HasExpression e: WriteRelation(to, e.Of, "has", Reserved.IsName(e.Name) ? e.Name : Quoting.Quote(e.Name)); break;
            case LikeExpression e: WriteRelation(to, e.Text, "like", e.Pattern.ToString()); break;
            case IsExpression e: WriteIs(to, e); break;
            case SetExpression e: WriteList(to, '[', e.Elements, ']'); break;
            case RecordExpression e: WriteRecord(to, e); break;
            case CallExpression e: WriteCall(to, e); break;
        }
    }

    private static void WriteUnary(StringBuilder to, UnaryExpression e)
    {
        if (e.Operator == UnaryOperator.IsEmpty)
        {
            Write(to, e.Operand, Tightness.Member);
            to.Append(".isEmpty()");
            return;
        }
        // A minus next to a number would be the number's.
        var isNumber = e.Operator == UnaryOperator.Negate && e.Operand is LiteralExpression;
        to.Append(e.Operator == UnaryOperator.Not ? '!' : '-').Append(isNumber ? "(" : "");
        Write(to, e.Operand, isNumber ? Tightness.If : Tightness.Member);
        to.Append(isNumber ? ")" : "");
    }

    private static void WriteBinary(StringBuilder to, BinaryExpression e)
    {
        if (e.Operator.IsMethod())
        {
            Write(to, e.Left, Tightness.Member);
            to.Append('.').Append(e.Operator.Name()).Append('(');
            Write(to, e.Right, Tightness.If);
            to.Append(')');
            return;
        }
        var own = TightnessOf(e.Operator);
        // Chains are read from the left; relations are not read in chains.
        Write(to, e.Left, own == Tightness.Relation ? Tightness.Sum : own);
        to.Append(' ').Append(e.Operator.Name()).Append(' ');
        Write(to, e.Right, own + 1);
    }

    private static void WriteIf(StringBuilder to, IfExpression e)
    {
        to.Append("if ");
        Write(to, e.Condition, Tightness.Or);
        to.Append(" then ");
        Write(to, e.Then, Tightness.Or);
        to.Append(" else ");
        Write(to, e.Otherwise, Tightness.If);
    }

    private static void WriteAttribute(StringBuilder to, AttributeExpression e)
    {
        Write(to, e.Of, Tightness.Member);
        to.Append(Reserved.IsName(e.Name) ? $".{e.Name}" : $"[{Quoting.Quote(e.Name)}]");
    }

    private static void WriteRelation(StringBuilder to, Expression left, string relation, string right)
    {
        Write(to, left, Tightness.Sum);
        to.Append(' ').Append(relation).Append(' ').Append(right);
    }

    private static void WriteIs(StringBuilder to, IsExpression e)
    {
        WriteRelation(to, e.Entity, "is", e.Type);
        if (e.Within is null) return;
        to.Append(" in ");
        Write(to, e.Within, Tightness.Sum);
    }

    private static void WriteRecord(StringBuilder to, RecordExpression e)
    {
        to.Append('{');
        for (var i = 0; i < e.Fields.Count; i++)
        {
            var (name, value) = e.Fields[i];
            to.Append(i == 0 ? "" : ", ").Append(Reserved.IsName(name) ? name : Quoting.Quote(name)).Append(": ");
            Write(to, value, Tightness.If);
        }
        to.Append('}');
    }

    private static void WriteCall(StringBuilder to, CallExpression e)
    {
        if (!e.Function.IsMethod)
        {
            to.Append(e.Function.Name);
            WriteList(to, '(', e.Arguments, ')');
            return;
        }
        Write(to, e.Arguments[0], Tightness.Member);
        to.Append('.').Append(e.Function.Name);
        WriteList(to, '(', [.. e.Arguments.Skip(1)], ')');
    }

    private static void WriteList(StringBuilder to, char open, IReadOnlyList<Expression> elements, char close)
    {
        to.Append(open);
        for (var i = 0; i < elements.Count; i++)
        {
            if (i > 0) to.Append(", ");
            Write(to, elements[i], Tightness.If);
        }
        to.Append(close);
    }
}
