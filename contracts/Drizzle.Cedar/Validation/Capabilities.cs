using System.Collections.Immutable;

namespace Drizzle.Cedar.Validation;

/// <summary>That something has an attribute or a tag, which was asked before.</summary>
/// <param name="Of">The expression, as text.</param>
/// <param name="Key">The attribute's name; of a tag the expression that names it, as text.</param>
internal readonly record struct Capability(string Of, string Key, bool IsTag);

/// <summary>What is known to be there.</summary>
internal readonly struct Capabilities
{
    private readonly ImmutableHashSet<Capability>? _all;

    private Capabilities(ImmutableHashSet<Capability> all) => _all = all;

    public static Capabilities None => default;

    public bool Contains(Capability capability) => _all?.Contains(capability) == true;

    public Capabilities With(Capability capability) => new((_all ?? []).Add(capability));

    public Capabilities With(Capabilities others) => others._all is null ? this : _all is null ? others : new(_all.Union(others._all));

    /// <summary>What is in both.</summary>
    public Capabilities Shared(Capabilities others) => _all is null || others._all is null ? None : new(_all.Intersect(others._all));
}
