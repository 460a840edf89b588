using Drizzle.Cedar.Parsing;

namespace Drizzle.Cedar.Schemas;

/// <summary>Finds what the names of a schema mean, and checks that it hangs together.</summary>
internal sealed class SchemaResolver
{
    private const string ActionType = "Action";

    private static readonly Dictionary<string, CedarType> BuiltIns = new(StringComparer.Ordinal)
    {
        ["Bool"] = CedarType.Boolean, ["Long"] = CedarType.Long, ["String"] = CedarType.String,
        ["ipaddr"] = CedarType.Ip, ["decimal"] = CedarType.Decimal, ["datetime"] = CedarType.Datetime, ["duration"] = CedarType.Duration,
    };

    private readonly SchemaDocument _document;
    private readonly Dictionary<string, (string Space, TypeSyntax Type)> _common = new(StringComparer.Ordinal);
    private readonly HashSet<string> _entities = new(StringComparer.Ordinal);
    private readonly HashSet<string> _actionTypes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CedarType?> _resolved = new(StringComparer.Ordinal);
    private readonly HashSet<EntityUid> _actions = [];

    private SchemaResolver(SchemaDocument document)
    {
        _document = document;
        foreach (var space in document.Namespaces) Declare(space);
        ForbidShadows();
    }

    /// <exception cref="CedarException">The schema does not hang together.</exception>
    public static (Dictionary<string, EntityDefinition> Entities, Dictionary<EntityUid, ActionDefinition> Actions) Resolve(SchemaDocument document)
    {
        var resolver = new SchemaResolver(document);
        foreach (var (name, (space, type)) in resolver._common) resolver.Common(name, space, type);
        return (resolver.Entities(), resolver.Actions());
    }

    private static string Within(string space, string name) => space.Length == 0 ? name : $"{space}::{name}";

    private void Declare(NamespaceSyntax space)
    {
        foreach (var type in space.Types) _common.Add(Within(space.Name, type.Name), (space.Name, type.Type));
        foreach (var entity in space.Entities)
        {
            if (entity.Name == ActionType) throw new CedarException("No entity can be called 'Action': that is the type of actions.");
            _entities.Add(Within(space.Name, entity.Name));
        }
        foreach (var action in space.Actions) _actions.Add(new EntityUid(Within(space.Name, ActionType), action.Name));
        if (space.Actions.Count > 0) _actionTypes.Add(Within(space.Name, ActionType));
    }

    /// <summary>What is in no namespace cannot have the name of something that is in one.</summary>
    private void ForbidShadows()
    {
        var bare = _document.Namespaces.Where(n => n.Name.Length == 0).ToList();
        var named = _document.Namespaces.Where(n => n.Name.Length > 0).ToList();
        var types = bare.SelectMany(TypeNames).ToHashSet(StringComparer.Ordinal);
        var actions = bare.SelectMany(n => n.Actions).Select(a => a.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var space in named)
        {
            if (TypeNames(space).FirstOrDefault(types.Contains) is { } type) throw new CedarException($"'{space.Name}::{type}' would hide '{type}'.");
            if (space.Actions.FirstOrDefault(a => actions.Contains(a.Name)) is { } action) throw new CedarException($"The action '{action.Name}' of {space.Name} would hide the one that is in no namespace.");
        }
    }

    private static IEnumerable<string> TypeNames(NamespaceSyntax space) => space.Types.Select(t => t.Name).Concat(space.Entities.Select(e => e.Name));

    private static string[] Possibilities(string space, string name) => name.Contains("::", StringComparison.Ordinal) || space.Length == 0 ? [name] : [Within(space, name), name];

    private CedarType Type(string space, TypeSyntax type) => type switch
    {
        BuiltInType { Kind: ValueKind.String } => CedarType.String,
        BuiltInType { Kind: ValueKind.Long } => CedarType.Long,
        BuiltInType => CedarType.Boolean,
        ExtensionSyntax { Name: "ipaddr" or "decimal" or "datetime" or "duration" } extension => BuiltIns[extension.Name],
        ExtensionSyntax extension => throw new CedarException($"There is no extension type '{extension.Name}'."),
        SetSyntax set => new SetType(Type(space, set.Element)),
        RecordSyntax record => new RecordType(record.Attributes.ToDictionary(a => a.Name, a => new Field(Type(space, a.Type), a.IsRequired), StringComparer.Ordinal)),
        _ => Named(space, (NamedType)type),
    };

    private CedarType Named(string space, NamedType named)
    {
        foreach (var name in Possibilities(space, named.Name))
        {
            if (named.Kind != ReferenceKind.Entity && FindCommon(name) is { } common) return common;
            if (named.Kind != ReferenceKind.Common && (_entities.Contains(name) || _actionTypes.Contains(name))) return new EntityType(name);
        }
        throw new CedarException($"There is no type '{named.Name}'{(space.Length == 0 ? "" : $" in {space}")}.");
    }

    private CedarType? FindCommon(string name)
    {
        if (_common.TryGetValue(name, out var declared)) return Common(name, declared.Space, declared.Type);
        if (name.StartsWith(Reserved.Namespace + "::", StringComparison.Ordinal)) return BuiltIns.GetValueOrDefault(name[(Reserved.Namespace.Length + 2)..]);
        return _entities.Contains(name) ? null : BuiltIns.GetValueOrDefault(name);
    }

    private CedarType Common(string name, string space, TypeSyntax type)
    {
        if (_resolved.TryGetValue(name, out var known)) return known ?? throw new CedarException($"The type '{name}' is made of itself.");
        _resolved[name] = null;
        var resolved = Type(space, type);
        _resolved[name] = resolved;
        return resolved;
    }

    private Dictionary<string, EntityDefinition> Entities()
    {
        var parents = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var space in _document.Namespaces)
        {
            foreach (var entity in space.Entities) parents[Within(space.Name, entity.Name)] = [.. entity.MemberOf.Select(m => EntityName(space.Name, m))];
        }
        var descendants = Closure(parents);
        return _document.Namespaces.SelectMany(n => n.Entities.Select(e => Entity(n.Name, e, descendants))).ToDictionary(e => e.Name, StringComparer.Ordinal);
    }

    private EntityDefinition Entity(string space, EntitySyntax entity, Dictionary<string, HashSet<string>> descendants)
    {
        var name = Within(space, entity.Name);
        return new EntityDefinition(name, descendants[name], Shape(space, entity.Shape, $"The entity '{name}'"), entity.Tags is null ? null : Type(space, entity.Tags), entity.Ids?.ToHashSet(StringComparer.Ordinal));
    }

    private RecordType Shape(string space, TypeSyntax? shape, string what) => shape is null ? RecordType.Empty
        : Type(space, shape) as RecordType ?? throw new CedarException($"{what} wants a record, and has {Type(space, shape)}.");

    /// <summary>An entity that is declared, and no action.</summary>
    private string EntityName(string space, string name)
    {
        foreach (var possible in Possibilities(space, name))
        {
            if (_entities.Contains(possible)) return possible;
        }
        throw new CedarException($"There is no entity '{name}'{(space.Length == 0 ? "" : $" in {space}")}.");
    }

    private Dictionary<EntityUid, ActionDefinition> Actions()
    {
        var parents = new Dictionary<EntityUid, List<EntityUid>>();
        foreach (var space in _document.Namespaces)
        {
            foreach (var action in space.Actions) parents[new EntityUid(Within(space.Name, ActionType), action.Name)] = [.. (action.MemberOf ?? []).Select(m => ActionUid(space.Name, m))];
        }
        var descendants = Closure(parents);
        if (descendants.FirstOrDefault(d => d.Value.Contains(d.Key)).Key is { } looped) throw new CedarException($"The action {looped} is in itself.");
        return _document.Namespaces.SelectMany(n => n.Actions.Select(a => Action(n.Name, a, descendants))).ToDictionary(a => a.Uid);
    }

    private ActionDefinition Action(string space, ActionSyntax action, Dictionary<EntityUid, HashSet<EntityUid>> descendants)
    {
        var uid = new EntityUid(Within(space, ActionType), action.Name);
        var ancestors = descendants.Where(d => d.Value.Contains(uid)).Select(d => d.Key).ToHashSet();
        return new ActionDefinition(
            uid, Names(action.Applies?.Principals), Names(action.Applies?.Resources), Shape(space, action.Applies?.Context, $"The context of {uid}"), ancestors, descendants[uid]);

        HashSet<string> Names(IReadOnlyList<string>? names) => (names ?? []).Select(n => EntityName(space, n)).ToHashSet(StringComparer.Ordinal);
    }

    private EntityUid ActionUid(string space, ActionReference reference)
    {
        foreach (var type in Possibilities(space, reference.Type ?? ActionType))
        {
            if (new EntityUid(type, reference.Id) is var uid && _actions.Contains(uid)) return uid;
        }
        throw new CedarException($"There is no action '{reference.Id}'{(reference.Type is null ? "" : $" of the type {reference.Type}")}.");
    }

    /// <summary>What is in each, directly or through others, itself included where it goes round.</summary>
    private static Dictionary<T, HashSet<T>> Closure<T>(Dictionary<T, List<T>> parents)
        where T : notnull
    {
        var descendants = parents.Keys.ToDictionary(k => k, _ => new HashSet<T>());
        foreach (var start in parents.Keys)
        {
            var open = new Stack<T>(parents[start]);
            while (open.TryPop(out var container))
            {
                if (!descendants[container].Add(start)) continue;
                foreach (var parent in parents[container]) open.Push(parent);
            }
        }
        return descendants;
    }
}
