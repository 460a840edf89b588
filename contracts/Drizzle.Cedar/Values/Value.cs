using System.Diagnostics.CodeAnalysis;

namespace Drizzle.Cedar;

/// <summary>A value of Cedar. Equal are values of one kind that mean the same; values of different kinds never are.</summary>
public readonly struct Value : IEquatable<Value>
{
    private readonly object? _object;
    private readonly long _bits;

    private Value(ValueKind kind, object? value, long bits = 0) => (Kind, _object, _bits) = (kind, value, bits);

    public ValueKind Kind { get; }

    public static Value True { get; } = new(ValueKind.Boolean, null, 1);

    public static Value False { get; } = new(ValueKind.Boolean, null);

    public static Value Of(bool value) => value ? True : False;

    public static Value Of(long value) => new(ValueKind.Long, null, value);

    public static Value Of(string value) => new(ValueKind.String, value);

    public static Value Of(EntityUid value) => new(ValueKind.Entity, value);

    public static Value Of(SetValue value) => new(ValueKind.Set, value);

    public static Value Of(RecordValue value) => new(ValueKind.Record, value);

    public static Value Of(IpRange value) => new(ValueKind.Ip, value);

    /// <param name="tenThousandths">Ten thousand times the decimal number.</param>
    public static Value OfDecimal(long tenThousandths) => new(ValueKind.Decimal, null, tenThousandths);

    /// <param name="milliseconds">Since 1970-01-01T00:00:00Z.</param>
    public static Value OfDatetime(long milliseconds) => new(ValueKind.Datetime, null, milliseconds);

    public static Value OfDuration(long milliseconds) => new(ValueKind.Duration, null, milliseconds);

    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public bool AsBoolean => Is(ValueKind.Boolean)._bits != 0;

    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public long AsLong => Is(ValueKind.Long)._bits;

    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public string AsString => (string)Is(ValueKind.String)._object!;

    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public EntityUid AsEntity => (EntityUid)Is(ValueKind.Entity)._object!;

    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public SetValue AsSet => (SetValue)Is(ValueKind.Set)._object!;

    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public RecordValue AsRecord => (RecordValue)Is(ValueKind.Record)._object!;

    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public IpRange AsIp => (IpRange)Is(ValueKind.Ip)._object!;

    /// <summary>Ten thousandths of a decimal; milliseconds of a datetime or a duration.</summary>
    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public long AsUnits => Kind is ValueKind.Decimal or ValueKind.Datetime or ValueKind.Duration ? _bits : throw Other();

    /// <summary>An evaluation that failed.</summary>
    internal static Value Failed(string why) => new(ValueKind.None, why);

    internal bool IsFailure => Kind == ValueKind.None;

    internal string Failure => _object as string ?? "no value";

    /// <summary>The number of a long, or the units of a decimal, a datetime or a duration; 1 for true.</summary>
    internal long Bits => _bits;

    internal bool IsTrue => Kind == ValueKind.Boolean && _bits != 0;

    public bool Equals(Value other)
    {
        if (Kind != other.Kind) return false;
        return Kind switch
        {
            ValueKind.String => string.Equals((string)_object!, (string)other._object!, StringComparison.Ordinal),
            ValueKind.Entity or ValueKind.Set or ValueKind.Record or ValueKind.Ip => Equals(_object, other._object),
            _ => _bits == other._bits,
        };
    }

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Value other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Kind, _bits, _object is string text ? text.GetHashCode(StringComparison.Ordinal) : _object?.GetHashCode() ?? 0);

    public static bool operator ==(Value left, Value right) => left.Equals(right);

    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    /// <summary>As Cedar writes it.</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Boolean => IsTrue ? "true" : "false",
        ValueKind.Long => _bits.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ValueKind.String => Quoting.Quote(AsString),
        ValueKind.Decimal => $"decimal(\"{Decimals.Write(_bits)}\")",
        ValueKind.Ip => $"ip(\"{_object}\")",
        ValueKind.Datetime => Datetimes.Write(_bits) is { } text ? $"datetime(\"{text}\")" : $"datetime(\"{Datetimes.Origin}\").offset({OfDuration(_bits)})",
        ValueKind.Duration => $"duration(\"{Durations.Write(_bits)}\")",
        ValueKind.None => $"<{Failure}>",
        _ => _object?.ToString() ?? "",
    };

    private Value Is(ValueKind kind) => Kind == kind ? this : throw Other();

    private InvalidOperationException Other() => new($"The value is of the kind {Kind}.");
}
