namespace Drizzle.Cedar.Schemas;

/// <summary>Which types contain which.</summary>
internal static class Lattice
{
    /// <summary>Whether every value of the one is a value of the other. Entities of different types never are of one.</summary>
    public static bool IsWithin(CedarType one, CedarType other)
    {
        if (ReferenceEquals(one, other) || one == CedarType.Never) return true;
        if (other == CedarType.Boolean) return one.IsBoolean;
        return (one, other) switch
        {
            (EntityType a, EntityType b) => string.Equals(a.Name, b.Name, StringComparison.Ordinal),
            (SetType a, SetType b) => IsWithin(a.Element, b.Element),
            (RecordType a, RecordType b) => HaveSameFields(a, b) && a.Fields.All(f => IsWithin(f.Value.Type, b.Fields[f.Key].Type)),
            _ => false,
        };
    }

    /// <summary>Whether an operand of a type will do where one of these is wanted.</summary>
    public static bool Fits(CedarType type, CedarType wanted)
    {
        if (wanted == CedarType.AnyEntity) return type is EntityType || type == CedarType.AnyEntity || type == CedarType.Never;
        if (wanted == CedarType.AnySet) return type is SetType || type == CedarType.Never;
        if (wanted == CedarType.EntitySet) return type == CedarType.Never || (type is SetType { Element: var element } && Fits(element, CedarType.AnyEntity));
        if (wanted == CedarType.AnyRecord) return type is RecordType || type == CedarType.Never;
        return IsWithin(type, wanted);
    }

    /// <summary>The smallest type that contains both; null where there is none.</summary>
    public static CedarType? Join(CedarType one, CedarType other)
    {
        if (IsWithin(one, other)) return other;
        if (IsWithin(other, one)) return one;
        return (one, other) switch
        {
            _ when one.IsBoolean && other.IsBoolean => CedarType.Boolean,
            (SetType a, SetType b) => Join(a.Element, b.Element) is { } element ? new SetType(element) : null,
            (RecordType a, RecordType b) => Join(a, b),
            _ => null,
        };
    }

    private static RecordType? Join(RecordType one, RecordType other)
    {
        if (!HaveSameFields(one, other)) return null;
        var fields = new Dictionary<string, Field>(StringComparer.Ordinal);
        foreach (var (name, field) in one.Fields)
        {
            if (Join(field.Type, other.Fields[name].Type) is not { } type) return null;
            fields[name] = new Field(type, field.IsRequired);
        }
        return new RecordType(fields);
    }

    private static bool HaveSameFields(RecordType one, RecordType other) =>
        one.Fields.Count == other.Fields.Count && one.Fields.All(f => other.Fields.TryGetValue(f.Key, out var theirs) && theirs.IsRequired == f.Value.IsRequired);
}
