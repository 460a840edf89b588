namespace Drizzle.Cedar;

/// <summary>An entity's name, written <c>Type::"id"</c>.</summary>
public sealed class EntityUid : IEquatable<EntityUid>
{
    private readonly int _hash;

    /// <param name="type">With its namespaces, such as <c>Shop::User</c>.</param>
    /// <param name="id">Any text.</param>
    public EntityUid(string type, string id)
    {
        (Type, Id) = (type, id);
        _hash = HashCode.Combine(type.GetHashCode(StringComparison.Ordinal), id.GetHashCode(StringComparison.Ordinal));
    }

    public string Type { get; }

    public string Id { get; }

    /// <summary>Reads <c>Type::"id"</c>.</summary>
    /// <exception cref="CedarException">It is not an entity's name.</exception>
    public static EntityUid Parse(string text) => Parsing.PolicyParser.ParseEntity(text);

    public bool Equals(EntityUid? other) =>
        ReferenceEquals(this, other) || (other is not null && other._hash == _hash && string.Equals(Id, other.Id, StringComparison.Ordinal) && string.Equals(Type, other.Type, StringComparison.Ordinal));

    public override bool Equals(object? obj) => Equals(obj as EntityUid);

    public override int GetHashCode() => _hash;

    /// <summary>As Cedar writes it.</summary>
    public override string ToString() => $"{Type}::{Quoting.Quote(Id)}";
}
