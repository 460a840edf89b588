namespace Drizzle.Cedar;

/// <summary>What a <see cref="Value"/> is.</summary>
public enum ValueKind : byte
{
    /// <summary>No value: an evaluation that failed. Nothing public yields it.</summary>
    None,
    Boolean,
    Long,
    String,
    Entity,
    Set,
    Record,
    Decimal,
    Ip,
    Datetime,
    Duration,
}
