namespace Drizzle.Cedar.Parsing;

/// <summary>Reads policies and templates.</summary>
internal sealed class PolicyParser
{
    private readonly TokenReader _tokens;
    private readonly ExpressionParser _expressions;

    private PolicyParser(string text)
    {
        _tokens = new TokenReader(text);
        _expressions = new ExpressionParser(_tokens);
    }

    /// <param name="id">Of the policy with a number, from 0.</param>
    /// <exception cref="CedarException">The text is not Cedar.</exception>
    public static List<Policy> Parse(string text, Func<int, string> id)
    {
        var parser = new PolicyParser(text);
        var policies = new List<Policy>();
        while (!parser._tokens.IsAtEnd) policies.Add(parser.One(id(policies.Count)));
        return policies;
    }

    /// <exception cref="CedarException">The text is not one entity.</exception>
    public static EntityUid ParseEntity(string text)
    {
        var parser = new PolicyParser(text);
        var entity = parser.Entity();
        return parser._tokens.IsAtEnd ? entity : throw parser._tokens.Unexpected("the end of the text");
    }

    private Policy One(string id)
    {
        var at = _tokens.Current.At;
        var annotations = Annotations(_tokens);
        var effect = _tokens.TryTakeWord("permit") ? Effect.Permit : _tokens.TryTakeWord("forbid") ? Effect.Forbid : throw _tokens.Unexpected("'permit' or 'forbid'");
        _tokens.Expect("(");
        var principal = Restriction("principal", Slot.Principal);
        _tokens.Expect(",");
        var action = ActionRestriction();
        _tokens.Expect(",");
        var resource = Restriction("resource", Slot.Resource);
        _tokens.TryTake(",");
        _tokens.Expect(")");
        var conditions = new List<Condition>();
        while (!_tokens.TryTake(";")) conditions.Add(Condition());
        return new Policy(id, effect, annotations, principal, action, resource, conditions, at).Bounded();
    }

    /// <summary>Annotations in front of a policy or a declaration of a schema; their keys may be reserved words.</summary>
    public static List<KeyValuePair<string, string?>> Annotations(TokenReader tokens)
    {
        var (annotations, names) = (new List<KeyValuePair<string, string?>>(), new HashSet<string>(StringComparer.Ordinal));
        while (tokens.Current.Is("@"))
        {
            var at = tokens.Take().At;
            var key = tokens.ExpectIdentifier("an annotation's name");
            string? value = null;
            if (tokens.TryTake("("))
            {
                value = tokens.ExpectString("an annotation's text");
                tokens.Expect(")");
            }
            if (!names.Add(key)) throw new CedarException($"The annotation @{key} is there twice.", at);
            annotations.Add(new(key, value));
        }
        return annotations;
    }

    private Condition Condition()
    {
        var isUnless = _tokens.TryTakeWord("unless");
        if (!isUnless && !_tokens.TryTakeWord("when")) throw _tokens.Unexpected("'when', 'unless' or ';'");
        _tokens.Expect("{");
        var body = _expressions.Expression();
        _tokens.Expect("}");
        return new Condition(isUnless, body);
    }

    private Scope Restriction(string variable, Slot slot)
    {
        if (!_tokens.TryTakeWord(variable)) throw _tokens.Unexpected($"'{variable}'");
        var at = _tokens.Current.At;
        if (_tokens.TryTake("==")) return Target(ScopeKind.Equal, variable, slot, null, at);
        if (_tokens.TryTakeWord("in")) return Target(ScopeKind.In, variable, slot, null, at);
        if (!_tokens.TryTakeWord("is")) return Scope.Any;
        var type = _tokens.Path("the name of a type");
        return _tokens.TryTakeWord("in") ? Target(ScopeKind.IsIn, variable, slot, type, at) : new Scope(ScopeKind.Is, [], type, At: at);
    }

    private Scope Target(ScopeKind kind, string variable, Slot slot, string? type, TextPosition at)
    {
        return InBrackets(() => _tokens.TryTake("?" + variable) ? new Scope(kind, [], type, slot, at) : new Scope(kind, [Entity()], type, At: at));
    }

    private Scope ActionRestriction()
    {
        if (!_tokens.TryTakeWord("action")) throw _tokens.Unexpected("'action'");
        var at = _tokens.Current.At;
        if (_tokens.TryTake("==")) return new Scope(ScopeKind.Equal, [ActionEntity()], At: at);
        if (!_tokens.TryTakeWord("in")) return Scope.Any;
        return InBrackets(() => _tokens.TryTake("[") ? new Scope(ScopeKind.InAny, _tokens.List("]", ActionEntity), At: at) : new Scope(ScopeKind.In, [ActionEntity()], At: at));
    }

    private EntityUid ActionEntity()
    {
        var at = _tokens.Current.At;
        var entity = Entity();
        return ActionTypes.Is(entity.Type) ? entity : throw new CedarException($"An action is of a type that is called Action, and {entity} is not.", at);
    }

    private EntityUid Entity() => InBrackets(() =>
    {
        var type = _tokens.Path("the name of a type");
        _tokens.Expect("::");
        return new EntityUid(type, _tokens.ExpectString("an entity's id"));
    });

    /// <summary>Brackets around it change nothing.</summary>
    private T InBrackets<T>(Func<T> read)
    {
        var depth = 0;
        while (_tokens.TryTake("(")) depth++;
        var inner = read();
        for (; depth > 0; depth--) _tokens.Expect(")");
        return inner;
    }
}
