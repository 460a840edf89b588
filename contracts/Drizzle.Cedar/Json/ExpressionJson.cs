using System.Text;
using System.Text.Json;

namespace Drizzle.Cedar.Json;

/// <summary>Expressions as JSON: an object with one property, which names the kind.</summary>
internal static class ExpressionJson
{
    /// <exception cref="CedarException">It is not an expression.</exception>
    public static Expression Read(JsonElement element)
    {
        StackGuard.Check();
        if (element.ValueKind != JsonValueKind.Object || element.GetPropertyCount() != 1) throw new CedarException($"An expression is an object with one property, and this is {JsonInput.Describe(element)}.");
        var (name, body) = (element.EnumerateObject().First().Name, element.EnumerateObject().First().Value);
        return name switch
        {
            "Value" => Literal(body),
            "Var" => Variable(body),
            "!" => Unary(UnaryOperator.Not, name, body),
            "neg" => Unary(UnaryOperator.Negate, name, body),
            "isEmpty" => Unary(UnaryOperator.IsEmpty, name, body),
            "." => Attribute(body),
            "has" => Has(body),
            "like" => new LikeExpression(Left(JsonInput.Object(body, "like", "left", "pattern"), "like"), PatternOf(JsonInput.Need(body, "like", "pattern"))),
            "is" => Is(body),
            "if-then-else" => If(body),
            "Set" => new SetExpression([.. JsonInput.List(body, "Set").Select(Read)]),
            "Record" => Record(body),
            _ => Named(name, body),
        };
    }

    private static Expression Named(string name, JsonElement body)
    {
        if (OperatorNames.TryFind(name, out var op))
        {
            JsonInput.Object(body, name, "left", "right");
            return new BinaryExpression(op, Left(body, name), Read(JsonInput.Need(body, name, "right")));
        }
        var function = ExtensionFunction.Find(name) ?? throw new CedarException($"There is no expression '{name}'.");
        List<Expression> arguments = [.. JsonInput.List(body, name).Select(Read)];
        return arguments.Count > 0 || !function.IsMethod ? new CallExpression(function, arguments) : throw new CedarException($"'{name}' is called on something: its first argument.");
    }

    private static Expression Literal(JsonElement element)
    {
        StackGuard.Check();
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                return new SetExpression([.. element.EnumerateArray().Select(Literal)]);
            case JsonValueKind.Object when ValueJson.Escape(element) is null:
                return new RecordExpression([.. element.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Literal(p.Value)))]);
            case JsonValueKind.Object when ValueJson.Escape(element) is ("__extn", var call):
                var (function, arguments) = ValueJson.Call(call);
                return new CallExpression(function, [.. arguments.Select(Literal)]);
            default:
                return new LiteralExpression(ValueJson.Read(element));
        }
    }

    private static VariableExpression Variable(JsonElement body) => new(JsonInput.Text(body, "Var") switch
    {
        "principal" => Cedar.Variable.Principal,
        "action" => Cedar.Variable.Action,
        "resource" => Cedar.Variable.Resource,
        "context" => Cedar.Variable.Context,
        var other => throw new CedarException($"There is no variable '{other}'."),
    });

    private static UnaryExpression Unary(UnaryOperator op, string name, JsonElement body)
    {
        JsonInput.Object(body, name, "arg");
        return new UnaryExpression(op, Read(JsonInput.Need(body, name, "arg")));
    }

    private static Expression Left(JsonElement body, string what) => Read(JsonInput.Need(body, what, "left"));

    private static AttributeExpression Attribute(JsonElement body)
    {
        JsonInput.Object(body, ".", "left", "attr");
        return new AttributeExpression(Left(body, "."), JsonInput.NeedText(body, ".", "attr"));
    }

    /// <summary>A list of attributes asks for one after the other.</summary>
    private static Expression Has(JsonElement body)
    {
        var (left, attribute) = (Left(body, "has"), JsonInput.Need(body, "has", "attr"));
        if (attribute.ValueKind != JsonValueKind.Array) return new HasExpression(left, JsonInput.Text(attribute, "'attr' of has"));
        Expression? all = null;
        foreach (var name in attribute.EnumerateArray().Select(a => JsonInput.Text(a, "an attribute of has")))
        {
            var one = new HasExpression(left, name);
            all = all is null ? one : new BinaryExpression(BinaryOperator.And, all, one);
            left = new AttributeExpression(left, name);
        }
        return all ?? throw new CedarException("'attr' of has names no attribute.");
    }

    private static Pattern PatternOf(JsonElement body)
    {
        var elements = new List<PatternElement>();
        foreach (var element in JsonInput.List(body, "a pattern"))
        {
            if (IsWildcard(element)) elements.Add(PatternElement.Wildcard);
            else elements.AddRange(JsonInput.NeedText(JsonInput.Object(element, "an element of a pattern", "Literal"), "an element of a pattern", "Literal").EnumerateRunes().Select(r => new PatternElement(r)));
        }
        return new Pattern(elements);
    }

    private static bool IsWildcard(JsonElement element) =>
        (element.ValueKind == JsonValueKind.String && element.ValueEquals("Wildcard")) || (element.ValueKind == JsonValueKind.Object && element.GetPropertyCount() == 1 && JsonInput.Find(element, "Wildcard") is { ValueKind: JsonValueKind.Null });

    private static IsExpression Is(JsonElement body)
    {
        JsonInput.Object(body, "is", "left", "entity_type", "in");
        var within = JsonInput.Find(body, "in") is { ValueKind: not JsonValueKind.Null } found ? Read(found) : null;
        return new IsExpression(Left(body, "is"), JsonInput.Path(JsonInput.Need(body, "is", "entity_type"), "'entity_type' of is"), within);
    }

    private static IfExpression If(JsonElement body)
    {
        const string what = "if-then-else";
        JsonInput.Object(body, what, "if", "then", "else");
        return new IfExpression(Read(JsonInput.Need(body, what, "if")), Read(JsonInput.Need(body, what, "then")), Read(JsonInput.Need(body, what, "else")));
    }

    private static RecordExpression Record(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) throw new CedarException($"Record is an object, and this is {JsonInput.Describe(body)}.");
        return new RecordExpression([.. body.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Read(p.Value)))]);
    }

    public static void Write(Utf8JsonWriter to, Expression expression)
    {
        to.WriteStartObject();
        switch (expression)
        {
            case LiteralExpression e:
                to.WritePropertyName("Value");
                ValueJson.Write(to, e.Value);
                break;
            case VariableExpression e: to.WriteString("Var", e.Variable.ToString().ToLowerInvariant()); break;
            case UnaryExpression e: WriteParts(to, e.Operator switch { UnaryOperator.Not => "!", UnaryOperator.Negate => "neg", _ => "isEmpty" }, ("arg", e.Operand)); break;
            case BinaryExpression e: WriteParts(to, e.Operator.Name(), ("left", e.Left), ("right", e.Right)); break;
            case IfExpression e: WriteParts(to, "if-then-else", ("if", e.Condition), ("then", e.Then), ("else", e.Otherwise)); break;
            case AttributeExpression e: WriteNamed(to, ".", e.Of, "attr", e.Name); break;
            case HasExpression e: WriteNamed(to, "has", e.Of, "attr", e.Name); break;
            case LikeExpression e: WriteLike(to, e); break;
            case IsExpression e: WriteIs(to, e); break;
            case SetExpression e: WriteList(to, "Set", e.Elements); break;
            case RecordExpression e: WriteParts(to, "Record", [.. e.Fields.OrderBy(f => f.Key, Utf8Order.Comparer).Select(f => (f.Key, f.Value))]); break;
            case CallExpression e: WriteList(to, e.Function.Name, e.Arguments); break;
        }
        to.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter to, string name, params ReadOnlySpan<(string Name, Expression Part)> parts)
    {
        to.WriteStartObject(name);
        foreach (var (key, part) in parts)
        {
            to.WritePropertyName(key);
            Write(to, part);
        }
        to.WriteEndObject();
    }

    private static void WriteNamed(Utf8JsonWriter to, string name, Expression left, string key, string value)
    {
        to.WriteStartObject(name);
        to.WritePropertyName("left");
        Write(to, left);
        to.WriteString(key, value);
        to.WriteEndObject();
    }

    private static void WriteLike(Utf8JsonWriter to, LikeExpression e)
    {
        to.WriteStartObject("like");
        to.WritePropertyName("left");
        Write(to, e.Text);
        to.WriteStartArray("pattern");
        foreach (var element in e.Pattern.Elements) WriteElement(to, element.Character);
        to.WriteEndArray();
        to.WriteEndObject();
    }

    private static void WriteElement(Utf8JsonWriter to, Rune? character)
    {
        if (character is not { } rune)
        {
            to.WriteStringValue("Wildcard");
            return;
        }
        to.WriteStartObject();
        to.WriteString("Literal", rune.ToString());
        to.WriteEndObject();
    }

    private static void WriteIs(Utf8JsonWriter to, IsExpression e)
    {
        to.WriteStartObject("is");
        to.WritePropertyName("left");
        Write(to, e.Entity);
        to.WriteString("entity_type", e.Type);
        if (e.Within is not null)
        {
            to.WritePropertyName("in");
            Write(to, e.Within);
        }
        to.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter to, string name, IReadOnlyList<Expression> elements)
    {
        to.WriteStartArray(name);
        foreach (var element in elements) Write(to, element);
        to.WriteEndArray();
    }
}
