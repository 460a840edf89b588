namespace Drizzle.Cedar;

/// <summary>An entity: its attributes, its tags, and what it is directly in.</summary>
public sealed record Entity(EntityUid Uid, RecordValue Attributes, RecordValue Tags, IReadOnlyList<EntityUid> Parents)
{
    public Entity(EntityUid uid, params IReadOnlyList<EntityUid> parents)
        : this(uid, RecordValue.Empty, RecordValue.Empty, parents)
    {
    }
}
