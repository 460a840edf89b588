namespace Drizzle.Cedar;

/// <summary>A type of Cedar.</summary>
public abstract class CedarType
{
    private protected CedarType()
    {
    }

    /// <summary>The type of nothing; beneath all others.</summary>
    public static CedarType Never { get; } = new SimpleType("nothing");

    public static CedarType Boolean { get; } = new SimpleType("Bool");

    /// <summary>Of an expression that is always true.</summary>
    public static CedarType True { get; } = new SimpleType("true");

    /// <summary>Of an expression that is always false.</summary>
    public static CedarType False { get; } = new SimpleType("false");

    public static CedarType Long { get; } = new SimpleType("Long");

    public static CedarType String { get; } = new SimpleType("String");

    public static CedarType Decimal { get; } = new SimpleType("decimal");

    public static CedarType Ip { get; } = new SimpleType("ipaddr");

    public static CedarType Datetime { get; } = new SimpleType("datetime");

    public static CedarType Duration { get; } = new SimpleType("duration");

    /// <summary>An entity of any type; only what an operand may be.</summary>
    public static CedarType AnyEntity { get; } = new SimpleType("an entity");

    /// <summary>A set of anything; only what an operand may be.</summary>
    public static CedarType AnySet { get; } = new SimpleType("a set");

    /// <summary>A set of entities; only what an operand may be.</summary>
    public static CedarType EntitySet { get; } = new SimpleType("a set of entities");

    /// <summary>A record of any shape; only what an operand may be.</summary>
    public static CedarType AnyRecord { get; } = new SimpleType("a record");

    /// <summary>The type of values of a kind that is no entity, set or record.</summary>
    internal static CedarType Of(ValueKind kind) => kind switch
    {
        ValueKind.Boolean => Boolean,
        ValueKind.Long => Long,
        ValueKind.String => String,
        ValueKind.Decimal => Decimal,
        ValueKind.Ip => Ip,
        ValueKind.Datetime => Datetime,
        _ => Duration,
    };

    internal bool IsBoolean => this == Boolean || this == True || this == False;

    private sealed class SimpleType(string name) : CedarType
    {
        public override string ToString() => name;
    }
}

/// <summary>Entities of one type.</summary>
public sealed class EntityType(string name) : CedarType
{
    public string Name => name;

    public override string ToString() => name;
}

public sealed class SetType(CedarType element) : CedarType
{
    public CedarType Element => element;

    public override string ToString() => $"Set<{element}>";
}

/// <param name="IsRequired">Whether it is always there.</param>
public readonly record struct Field(CedarType Type, bool IsRequired);

/// <summary>Records with these fields and no others.</summary>
public sealed class RecordType(IReadOnlyDictionary<string, Field> fields) : CedarType
{
    public static RecordType Empty { get; } = new(new Dictionary<string, Field>(StringComparer.Ordinal));

    public IReadOnlyDictionary<string, Field> Fields => fields;

    public override string ToString() => $"{{{string.Join(", ", fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}{(f.Value.IsRequired ? "" : "?")}: {f.Value.Type}"))}}}";
}
