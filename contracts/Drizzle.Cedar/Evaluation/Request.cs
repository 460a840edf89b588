namespace Drizzle.Cedar;

/// <summary>What is asked: whether somebody may do something with something.</summary>
public readonly record struct Request(EntityUid Principal, EntityUid Action, EntityUid Resource, RecordValue Context);
