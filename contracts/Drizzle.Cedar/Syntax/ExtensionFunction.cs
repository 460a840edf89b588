namespace Drizzle.Cedar;

/// <summary>A function of one of the extension types.</summary>
public sealed class ExtensionFunction
{
    private static readonly Dictionary<string, ExtensionFunction> ByName = new ExtensionFunction[]
    {
        new("decimal", false, ValueKind.Decimal, [ValueKind.String]),
        new("lessThan", true, ValueKind.Boolean, [ValueKind.Decimal, ValueKind.Decimal]),
        new("lessThanOrEqual", true, ValueKind.Boolean, [ValueKind.Decimal, ValueKind.Decimal]),
        new("greaterThan", true, ValueKind.Boolean, [ValueKind.Decimal, ValueKind.Decimal]),
        new("greaterThanOrEqual", true, ValueKind.Boolean, [ValueKind.Decimal, ValueKind.Decimal]),
        new("ip", false, ValueKind.Ip, [ValueKind.String]),
        new("isIpv4", true, ValueKind.Boolean, [ValueKind.Ip]),
        new("isIpv6", true, ValueKind.Boolean, [ValueKind.Ip]),
        new("isLoopback", true, ValueKind.Boolean, [ValueKind.Ip]),
        new("isMulticast", true, ValueKind.Boolean, [ValueKind.Ip]),
        new("isInRange", true, ValueKind.Boolean, [ValueKind.Ip, ValueKind.Ip]),
        new("datetime", false, ValueKind.Datetime, [ValueKind.String]),
        new("offset", true, ValueKind.Datetime, [ValueKind.Datetime, ValueKind.Duration]),
        new("durationSince", true, ValueKind.Duration, [ValueKind.Datetime, ValueKind.Datetime]),
        new("toDate", true, ValueKind.Datetime, [ValueKind.Datetime]),
        new("toTime", true, ValueKind.Duration, [ValueKind.Datetime]),
        new("duration", false, ValueKind.Duration, [ValueKind.String]),
        new("toMilliseconds", true, ValueKind.Long, [ValueKind.Duration]),
        new("toSeconds", true, ValueKind.Long, [ValueKind.Duration]),
        new("toMinutes", true, ValueKind.Long, [ValueKind.Duration]),
        new("toHours", true, ValueKind.Long, [ValueKind.Duration]),
        new("toDays", true, ValueKind.Long, [ValueKind.Duration]),
    }.ToDictionary(f => f.Name, StringComparer.Ordinal);

    private ExtensionFunction(string name, bool isMethod, ValueKind result, IReadOnlyList<ValueKind> parameters) => (Name, IsMethod, Result, Parameters) = (name, isMethod, result, parameters);

    public string Name { get; }

    /// <summary>Written behind its first argument.</summary>
    public bool IsMethod { get; }

    public ValueKind Result { get; }

    /// <summary>The first one of a method is what it is called on.</summary>
    public IReadOnlyList<ValueKind> Parameters { get; }

    /// <summary>Makes a value of its type out of text.</summary>
    public bool IsConstructor => !IsMethod;

    /// <returns>Null where there is none of that name.</returns>
    public static ExtensionFunction? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The value of a constructor's text; a failure where it is none of the type.</summary>
    internal Value Construct(string text) => Result switch
    {
        ValueKind.Decimal when Decimals.TryRead(text, out var units) => Value.OfDecimal(units),
        ValueKind.Ip when IpRange.TryRead(text, out var range) => Value.Of(range),
        ValueKind.Datetime when Datetimes.TryRead(text, out var at) => Value.OfDatetime(at),
        ValueKind.Duration when Durations.TryRead(text, out var length) => Value.OfDuration(length),
        _ => Value.Failed($"{Quoting.Quote(text)} is no {Name}"),
    };
}
