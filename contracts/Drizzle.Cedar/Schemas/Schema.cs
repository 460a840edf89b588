using System.Diagnostics.CodeAnalysis;
using Drizzle.Cedar.Schemas;
using Drizzle.Cedar.Validation;

namespace Drizzle.Cedar;

/// <summary>A type of entities.</summary>
/// <param name="Descendants">The types whose entities may be in one of this, directly or through others.</param>
/// <param name="Tags">Null where there are none.</param>
/// <param name="Ids">All that there are; null where any will do.</param>
public sealed record EntityDefinition(string Name, IReadOnlySet<string> Descendants, RecordType Attributes, CedarType? Tags, IReadOnlySet<string>? Ids);

/// <summary>An action: who may do it to what, and what is known then.</summary>
/// <param name="Ancestors">The actions that this one is in, directly or through others.</param>
/// <param name="Descendants">Those that are in this one.</param>
public sealed record ActionDefinition(EntityUid Uid, IReadOnlySet<string> Principals, IReadOnlySet<string> Resources, RecordType Context, IReadOnlySet<EntityUid> Ancestors, IReadOnlySet<EntityUid> Descendants);

/// <summary>What entities, actions and contexts there are.</summary>
public sealed class Schema
{
    private readonly SchemaDocument _document;

    private Schema(SchemaDocument document)
    {
        _document = document;
        (EntityTypes, Actions) = SchemaResolver.Resolve(document);
    }

    /// <summary>By name; action types are not among them.</summary>
    public IReadOnlyDictionary<string, EntityDefinition> EntityTypes { get; }

    public IReadOnlyDictionary<EntityUid, ActionDefinition> Actions { get; }

    /// <summary>The actions as entities, each in the groups that it is in.</summary>
    public IEnumerable<Entity> ActionEntities => Actions.Values.Select(a => new Entity(a.Uid, [.. a.Ancestors]));

    /// <exception cref="CedarException">The text is not a schema.</exception>
    public static Schema Parse(string text) => new(SchemaParser.Parse(text));

    /// <exception cref="CedarException">The document is not a schema.</exception>
    public static Schema FromJson(string json) => new(SchemaJson.Read(json));

    public string ToJson() => SchemaJson.Write(_document);

    /// <summary>Whether a request is one that this schema has, so that policies that are valid under it cannot be surprised by it.</summary>
    /// <exception cref="CedarException">It is not; the message says why.</exception>
    public void Check(in Request request) => new Conformance(this).Check(request);

    internal bool TryGetType(string name, [MaybeNullWhen(false)] out EntityDefinition type) => EntityTypes.TryGetValue(name, out type);

    /// <summary>Whether there are entities of that type; any type of actions counts.</summary>
    internal bool IsKnown(string type) => ActionTypes.Is(type) || EntityTypes.ContainsKey(type);

    /// <summary>Whether entities of one type may be in one of another, or are of it.</summary>
    internal bool MayBeIn(string type, string container) => string.Equals(type, container, StringComparison.Ordinal) || (EntityTypes.TryGetValue(container, out var definition) && definition.Descendants.Contains(type));
}
