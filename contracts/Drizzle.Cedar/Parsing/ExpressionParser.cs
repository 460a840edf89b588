using System.Globalization;

namespace Drizzle.Cedar.Parsing;

/// <summary>Reads expressions.</summary>
internal sealed class ExpressionParser(TokenReader tokens)
{
    private const int MostSigns = 4;

    private static readonly Dictionary<string, BinaryOperator> Relations = new(StringComparer.Ordinal)
    {
        ["=="] = BinaryOperator.Equal, ["!="] = BinaryOperator.NotEqual, ["<"] = BinaryOperator.Less, ["<="] = BinaryOperator.LessOrEqual, [">"] = BinaryOperator.Greater, [">="] = BinaryOperator.GreaterOrEqual,
    };

    private int _nesting;

    /// <exception cref="CedarException">It is not an expression.</exception>
    public Expression Expression()
    {
        var at = tokens.Current.At;
        StackGuard.Check(at);
        if (++_nesting > CedarLimits.Nesting) throw new CedarException($"The expression is nested more than {CedarLimits.Nesting} deep.", at);
        var expression = tokens.TryTakeWord("if") ? If(at) : Or();
        _nesting--;
        return expression;
    }

    private IfExpression If(TextPosition at)
    {
        var condition = Expression();
        Word("then");
        var then = Expression();
        Word("else");
        return new IfExpression(condition, then, Expression(), at);
    }

    private void Word(string word)
    {
        if (!tokens.TryTakeWord(word)) throw tokens.Unexpected($"'{word}'");
    }

    private Expression Or()
    {
        var left = And();
        while (tokens.Current.Is("||")) left = new BinaryExpression(BinaryOperator.Or, left, Behind(And), left.At);
        return left;
    }

    private Expression And()
    {
        var left = Relation();
        while (tokens.Current.Is("&&")) left = new BinaryExpression(BinaryOperator.And, left, Behind(Relation), left.At);
        return left;
    }

    private Expression Behind(Func<Expression> operand)
    {
        tokens.Take();
        return operand();
    }

    private Expression Relation()
    {
        var left = Sum();
        var token = tokens.Current;
        if (token.Kind == TokenKind.Symbol && Relations.TryGetValue(token.Text, out var op)) return Alone(new BinaryExpression(op, left, Behind(Sum), left.At));
        if (tokens.TryTakeWord("in")) return Alone(new BinaryExpression(BinaryOperator.In, left, Sum(), left.At));
        if (tokens.TryTakeWord("has")) return Alone(Has(left));
        if (tokens.TryTakeWord("like")) return Alone(Like(left));
        if (tokens.TryTakeWord("is")) return Alone(Is(left));
        return left;
    }

    /// <summary>Relations do not follow each other without brackets.</summary>
    private Expression Alone(Expression relation)
    {
        var token = tokens.Current;
        var isRelation = (token.Kind == TokenKind.Symbol && Relations.ContainsKey(token.Text)) || token.IsWord("in") || token.IsWord("has") || token.IsWord("like") || token.IsWord("is");
        return isRelation ? throw new CedarException($"Two relations in a row want brackets: {token}.", token.At) : relation;
    }

    /// <summary><c>has a.b.c</c> asks for one after the other.</summary>
    private Expression Has(Expression left)
    {
        if (tokens.Current.Kind == TokenKind.String) return new HasExpression(left, tokens.ExpectString("an attribute's name"), left.At);
        var name = AttributeName();
        Expression all = new HasExpression(left, name, left.At);
        while (tokens.TryTake("."))
        {
            left = new AttributeExpression(left, name, left.At);
            name = AttributeName();
            all = new BinaryExpression(BinaryOperator.And, all, new HasExpression(left, name, left.At), left.At);
        }
        return all;
    }

    private string AttributeName()
    {
        if (tokens.Current.Kind == TokenKind.Identifier && Reserved.Is(tokens.Current.Text)) throw new CedarException($"'{tokens.Current.Text}' is a reserved word: write it between quotation marks.", tokens.Current.At);
        return tokens.ExpectIdentifier("an attribute's name");
    }

    private LikeExpression Like(Expression left)
    {
        var token = tokens.Current;
        if (token.Kind != TokenKind.String) throw tokens.Unexpected("a pattern between quotation marks");
        tokens.Take();
        return Quoting.TryUnquotePattern(token.Text, out var pattern, out var error) ? new LikeExpression(left, pattern, left.At) : throw new CedarException($"In the pattern {token}: {error}.", token.At);
    }

    private IsExpression Is(Expression left)
    {
        var type = tokens.Path("the name of a type");
        return new IsExpression(left, type, tokens.TryTakeWord("in") ? Sum() : null, left.At);
    }

    private Expression Sum()
    {
        var left = Product();
        while (tokens.Current.Is("+") || tokens.Current.Is("-")) left = new BinaryExpression(tokens.Current.Is("+") ? BinaryOperator.Add : BinaryOperator.Subtract, left, Behind(Product), left.At);
        return left;
    }

    private Expression Product()
    {
        var left = Unary();
        while (true)
        {
            if (tokens.Current.Is("/") || tokens.Current.Is("%")) throw new CedarException($"Cedar has no operator {tokens.Current}.", tokens.Current.At);
            if (!tokens.Current.Is("*")) return left;
            left = new BinaryExpression(BinaryOperator.Multiply, left, Behind(Unary), left.At);
        }
    }

    private Expression Unary()
    {
        var (at, sign) = (tokens.Current.At, tokens.Current.Is("!") ? "!" : "-");
        var count = 0;
        while (tokens.TryTake(sign)) count++;
        if (count > MostSigns) throw new CedarException($"More than {MostSigns} '{sign}' in a row.", at);
        if (count > 0 && sign == "-" && tokens.Current.Kind == TokenKind.Number && !tokens.Ahead(1).Is(".") && !tokens.Ahead(1).Is("[")) return NegativeNumber(count, at);
        var operand = Member(Primary());
        for (; count > 0; count--) operand = new UnaryExpression(sign == "!" ? UnaryOperator.Not : UnaryOperator.Negate, operand, at);
        return operand;
    }

    /// <summary>The sign next to a number belongs to it: so the smallest can be written, whose opposite is too large.</summary>
    private Expression NegativeNumber(int signs, TextPosition at)
    {
        var token = tokens.Take();
        if (!ulong.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var magnitude) || magnitude > 1UL << 63) throw TooLarge(token);
        Expression number = new LiteralExpression(Value.Of(unchecked(-(long)magnitude)), at);
        for (; signs > 1; signs--) number = new UnaryExpression(UnaryOperator.Negate, number, at);
        return number;
    }

    private static CedarException TooLarge(Token token) => new($"The number {token} does not fit into 64 bits.", token.At);

    private Expression Member(Expression of)
    {
        while (true)
        {
            if (tokens.TryTake("[")) of = Index(of);
            else if (tokens.Current.Is(".")) of = Dot(of);
            else return of;
        }
    }

    private AttributeExpression Index(Expression of)
    {
        var name = tokens.ExpectString("an attribute's name between quotation marks");
        tokens.Expect("]");
        return new AttributeExpression(of, name, of.At);
    }

    private Expression Dot(Expression of)
    {
        tokens.Take();
        var at = tokens.Current.At;
        var name = AttributeName();
        return tokens.TryTake("(") ? Method(of, name, tokens.List(")", Expression), at) : new AttributeExpression(of, name, of.At);
    }

    private static Expression Method(Expression of, string name, List<Expression> arguments, TextPosition at)
    {
        if (string.Equals(name, "isEmpty", StringComparison.Ordinal))
        {
            Arity(name, 0, arguments.Count, at);
            return new UnaryExpression(UnaryOperator.IsEmpty, of, of.At);
        }
        if (OperatorNames.TryFind(name, out var op) && op.IsMethod())
        {
            Arity(name, 1, arguments.Count, at);
            return new BinaryExpression(op, of, arguments[0], of.At);
        }
        var function = ExtensionFunction.Find(name) ?? throw new CedarException($"There is no method '{name}'.", at);
        if (!function.IsMethod) throw new CedarException($"'{name}' is a function: write {name}(…).", at);
        return new CallExpression(function, [of, .. arguments], of.At);
    }

    private static void Arity(string name, int wanted, int given, TextPosition at)
    {
        if (given != wanted) throw new CedarException($"'{name}' takes {wanted} argument{(wanted == 1 ? "" : "s")}, and {given} {(given == 1 ? "is" : "are")} given.", at);
    }

    private Expression Primary()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.String:
                return new LiteralExpression(Value.Of(tokens.ExpectString("a string")), token.At);
            case TokenKind.Number:
                tokens.Take();
                return long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new LiteralExpression(Value.Of(number), token.At) : throw TooLarge(token);
            case TokenKind.Identifier:
                return Named(token);
        }
        if (tokens.TryTake("(")) return Bracketed();
        if (tokens.TryTake("[")) return new SetExpression(tokens.List("]", Expression), token.At);
        if (tokens.TryTake("{")) return Record(token.At);
        if (token.Kind == TokenKind.Symbol && token.Text[0] == '?') throw new CedarException("A slot may stand only in the scope of a template, not in a condition.", token.At);
        throw tokens.Unexpected("an expression");
    }

    private Expression Bracketed()
    {
        var inner = Expression();
        tokens.Expect(")");
        return inner;
    }

    private RecordExpression Record(TextPosition at)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        return new RecordExpression(tokens.List("}", Field), at);

        KeyValuePair<string, Expression> Field()
        {
            var key = tokens.Current;
            var name = key.Kind == TokenKind.String ? tokens.ExpectString("a name") : AttributeName();
            if (!names.Add(name)) throw new CedarException($"The record has '{name}' twice.", key.At);
            tokens.Expect(":");
            return new(name, Expression());
        }
    }

    /// <summary>What begins with a word: a truth, a variable, an entity or a function.</summary>
    private Expression Named(Token token)
    {
        switch (token.Text)
        {
            case "true" or "false":
                tokens.Take();
                return new LiteralExpression(Value.Of(token.Text == "true"), token.At);
            case "principal" when !IsPathAhead():
                return Variable(Cedar.Variable.Principal);
            case "action" when !IsPathAhead():
                return Variable(Cedar.Variable.Action);
            case "resource" when !IsPathAhead():
                return Variable(Cedar.Variable.Resource);
            case "context" when !IsPathAhead():
                return Variable(Cedar.Variable.Context);
        }
        var path = tokens.Path("a name");
        if (tokens.TryTake("::")) return new LiteralExpression(Value.Of(new EntityUid(path, tokens.ExpectString("an entity's id"))), token.At);
        if (!tokens.TryTake("(")) throw new CedarException($"'{path}' is no variable: there are principal, action, resource and context.", token.At);
        return Function(path, tokens.List(")", Expression), token.At);
    }

    private bool IsPathAhead() => tokens.Ahead(1).Is("::");

    private VariableExpression Variable(Variable variable)
    {
        var token = tokens.Take();
        return new VariableExpression(variable, token.At);
    }

    private static CallExpression Function(string name, List<Expression> arguments, TextPosition at)
    {
        var function = ExtensionFunction.Find(name) ?? throw new CedarException($"There is no function '{name}'.", at);
        if (function.IsMethod) throw new CedarException($"'{name}' is a method: write ….{name}(…).", at);
        return new CallExpression(function, arguments, at);
    }
}
