using Drizzle.Cedar.Parsing;
using Annotations = System.Collections.Generic.List<System.Collections.Generic.KeyValuePair<string, string?>>;

namespace Drizzle.Cedar.Schemas;

/// <summary>Reads schemas as text.</summary>
internal sealed class SchemaParser
{
    private static readonly HashSet<string> ReservedTypes = new(["Bool", "Boolean", "Entity", "Extension", "Long", "Record", "Set", "String"], StringComparer.Ordinal);

    private readonly TokenReader _tokens;

    private SchemaParser(string text) => _tokens = new TokenReader(text);

    /// <exception cref="CedarException">The text is not a schema.</exception>
    public static SchemaDocument Parse(string text) => new SchemaParser(text).Document();

    /// <summary>Whether a common type may be called so.</summary>
    public static bool IsReservedType(string name) => ReservedTypes.Contains(name);

    private SchemaDocument Document()
    {
        var (bare, named) = (new Declarations("", []), new List<Declarations>());
        while (!_tokens.IsAtEnd)
        {
            var annotations = AnnotationsOf();
            if (_tokens.Current.IsWord("namespace") && _tokens.Ahead(1).Kind == TokenKind.Identifier) named.Add(Namespace(annotations, named));
            else Declaration(bare, annotations);
        }
        if (!bare.IsEmpty) named.Insert(0, bare);
        return new SchemaDocument([.. named.Select(n => n.Close())]);
    }

    /// <summary>Unlike with policies, one without a text is one with an empty text.</summary>
    private Annotations AnnotationsOf() => [.. PolicyParser.Annotations(_tokens).Select(a => KeyValuePair.Create<string, string?>(a.Key, a.Value ?? ""))];

    private Declarations Namespace(Annotations annotations, List<Declarations> others)
    {
        _tokens.Take();
        var at = _tokens.Current.At;
        var name = _tokens.Path("a namespace's name");
        if (others.Exists(o => o.Name == name)) throw new CedarException($"There are two namespaces '{name}'.", at);
        var declarations = new Declarations(name, annotations);
        _tokens.Expect("{");
        while (!_tokens.TryTake("}")) Declaration(declarations, AnnotationsOf());
        return declarations;
    }

    private void Declaration(Declarations to, Annotations annotations)
    {
        if (_tokens.TryTakeWord("entity")) Entity(to, annotations);
        else if (_tokens.TryTakeWord("action")) Action(to, annotations);
        else if (_tokens.TryTakeWord("type")) Type(to, annotations);
        else throw _tokens.Unexpected("'entity', 'action', 'type' or 'namespace'");
        _tokens.Expect(";");
    }

    private void Entity(Declarations to, Annotations annotations)
    {
        var names = Names(Identifier);
        EntitySyntax declared;
        if (_tokens.TryTakeWord("enum"))
        {
            declared = new EntitySyntax("", [], null, null, Ids(), annotations);
        }
        else
        {
            var memberOf = _tokens.TryTakeWord("in") ? Types() : [];
            var hasSign = _tokens.TryTake("=");
            var shape = hasSign || _tokens.Current.Is("{") ? Record() : null;
            var tags = _tokens.TryTakeWord("tags") ? TypeOf() : null;
            declared = new EntitySyntax("", memberOf, shape, tags, null, annotations);
        }
        foreach (var (name, at) in names) to.Add(declared with { Name = name }, at);
    }

    private List<string> Ids()
    {
        _tokens.Expect("[");
        var ids = new List<string> { _tokens.ExpectString("an id") };
        while (_tokens.TryTake(",")) ids.Add(_tokens.ExpectString("an id"));
        _tokens.Expect("]");
        return ids;
    }

    private void Type(Declarations to, Annotations annotations)
    {
        var at = _tokens.Current.At;
        var name = Identifier("a type's name");
        if (IsReservedType(name)) throw new CedarException($"No type can be called '{name}'.", at);
        _tokens.Expect("=");
        to.Add(new CommonTypeSyntax(name, TypeOf(), annotations), at);
    }

    private void Action(Declarations to, Annotations annotations)
    {
        var names = Names(Name);
        var memberOf = _tokens.TryTakeWord("in") ? ActionReferences() : null;
        var applies = _tokens.TryTakeWord("appliesTo") ? Applies() : null;
        if (_tokens.TryTakeWord("attributes"))
        {
            _tokens.Expect("{");
            _tokens.Expect("}");
        }
        foreach (var (name, at) in names) to.Add(new ActionSyntax(name, memberOf, applies, annotations), at);
    }

    private List<ActionReference> ActionReferences()
    {
        if (!_tokens.TryTake("[")) return [ActionReferenceOf()];
        var references = new List<ActionReference> { ActionReferenceOf() };
        while (_tokens.TryTake(",")) references.Add(ActionReferenceOf());
        _tokens.Expect("]");
        return references;
    }

    private ActionReference ActionReferenceOf()
    {
        if (_tokens.Current.Kind == TokenKind.String || !_tokens.Ahead(1).Is("::")) return new ActionReference(null, Name("an action's name"));
        var type = _tokens.Path("an action's type");
        _tokens.Expect("::");
        return new ActionReference(type, _tokens.ExpectString("an action's id"));
    }

    private AppliesSyntax Applies()
    {
        var at = _tokens.Current.At;
        _tokens.Expect("{");
        var (principals, resources, context) = (default(List<string>), default(List<string>), default(TypeSyntax));
        do
        {
            if (_tokens.Current.Is("}") && (principals is not null || resources is not null || context is not null)) break;
            var part = _tokens.Current;
            _tokens.ExpectIdentifier("'principal', 'resource' or 'context'");
            _tokens.Expect(":");
            switch (part.Text)
            {
                case "principal" when principals is null: principals = Types(); break;
                case "resource" when resources is null: resources = Types(); break;
                case "context" when context is null: context = _tokens.Current.Is("{") ? Record() : new NamedType(TypeName(), ReferenceKind.Common); break;
                case "principal" or "resource" or "context": throw new CedarException($"'{part.Text}' is there twice.", part.At);
                default: throw new CedarException($"Expected 'principal', 'resource' or 'context', found {part}.", part.At);
            }
        }
        while (_tokens.TryTake(","));
        _tokens.Expect("}");
        if (principals is not { Count: > 0 } || resources is not { Count: > 0 }) throw new CedarException("appliesTo names at least one principal and one resource.", at);
        return new AppliesSyntax(principals, resources, context);
    }

    private List<string> Types()
    {
        if (!_tokens.TryTake("[")) return [TypeName()];
        var types = new List<string>();
        if (_tokens.TryTake("]")) return types;
        do types.Add(TypeName());
        while (_tokens.TryTake(","));
        _tokens.Expect("]");
        return types;
    }

    private string TypeName() => _tokens.Path("a type's name", own: Reserved.Namespace);

    private TypeSyntax TypeOf()
    {
        StackGuard.Check(_tokens.Current.At);
        if (_tokens.Current.Is("{")) return Record();
        if (!_tokens.Current.IsWord("Set") || !_tokens.Ahead(1).Is("<")) return new NamedType(TypeName(), ReferenceKind.Either);
        _tokens.Take();
        _tokens.Expect("<");
        var element = TypeOf();
        _tokens.Expect(">");
        return new SetSyntax(element);
    }

    /// <summary>Of an attribute that is there twice the last one counts.</summary>
    private RecordSyntax Record()
    {
        _tokens.Expect("{");
        var attributes = new Dictionary<string, AttributeSyntax>(StringComparer.Ordinal);
        foreach (var attribute in _tokens.List("}", Attribute)) attributes[attribute.Name] = attribute;
        return new RecordSyntax([.. attributes.Values]);
    }

    private AttributeSyntax Attribute()
    {
        var annotations = AnnotationsOf();
        var name = Name("an attribute's name");
        var isOptional = _tokens.TryTake("?");
        _tokens.Expect(":");
        return new AttributeSyntax(name, TypeOf(), !isOptional, annotations);
    }

    private List<(string Name, TextPosition At)> Names(Func<string, string> read)
    {
        var names = new List<(string Name, TextPosition At)>();
        do
        {
            var at = _tokens.Current.At;
            names.Add((read("a name"), at));
        }
        while (_tokens.TryTake(","));
        return names;
    }

    private string Name(string what) => _tokens.Current.Kind == TokenKind.String ? _tokens.ExpectString(what) : Identifier(what, isAttribute: true);

    private string Identifier(string what) => Identifier(what, isAttribute: false);

    private string Identifier(string what, bool isAttribute)
    {
        var token = _tokens.Current;
        var name = _tokens.ExpectIdentifier(what);
        // The reserved namespace is a name like others for what is no type.
        if (Reserved.Is(name) && !(isAttribute && name == Reserved.Namespace)) throw new CedarException($"'{name}' is a reserved word, and cannot be {what}.", token.At);
        return name;
    }

    private sealed class Declarations(string name, Annotations annotations)
    {
        private readonly List<CommonTypeSyntax> _types = [];
        private readonly List<EntitySyntax> _entities = [];
        private readonly List<ActionSyntax> _actions = [];

        public string Name => name;

        public bool IsEmpty => _types.Count + _entities.Count + _actions.Count == 0;

        public void Add(CommonTypeSyntax type, TextPosition at)
        {
            if (_types.Exists(t => t.Name == type.Name)) throw Twice("type", type.Name, at);
            _types.Add(type);
        }

        public void Add(EntitySyntax entity, TextPosition at)
        {
            if (_entities.Exists(e => e.Name == entity.Name)) throw Twice("entity", entity.Name, at);
            _entities.Add(entity);
        }

        public void Add(ActionSyntax action, TextPosition at)
        {
            if (_actions.Exists(a => a.Name == action.Name)) throw Twice("action", action.Name, at);
            _actions.Add(action);
        }

        public NamespaceSyntax Close() => new(name, _types, _entities, _actions, annotations);

        private static CedarException Twice(string what, string name, TextPosition at) => new($"The {what} '{name}' is declared twice.", at);
    }
}
