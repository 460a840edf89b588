namespace Drizzle.Cedar;

/// <summary>What a policy does to the requests that satisfy it.</summary>
public enum Effect
{
    Permit,
    Forbid,
}

/// <summary>A place in a template that a link fills.</summary>
public enum Slot
{
    Principal,
    Resource,
}

/// <summary>How a policy's scope restricts one variable.</summary>
public enum ScopeKind
{
    Any,
    Equal,
    In,

    /// <summary>In one of several; for actions alone.</summary>
    InAny,
    Is,
    IsIn,
}

/// <summary>One part of a policy's scope.</summary>
/// <param name="Entities">One for <see cref="ScopeKind.Equal"/>, <see cref="ScopeKind.In"/> and <see cref="ScopeKind.IsIn"/> unless there is a slot; some, or none, for <see cref="ScopeKind.InAny"/>.</param>
/// <param name="Type">For <see cref="ScopeKind.Is"/> and <see cref="ScopeKind.IsIn"/>.</param>
/// <param name="Slot">Stands where the entity would.</param>
public sealed record Scope(ScopeKind Kind, IReadOnlyList<EntityUid> Entities, string? Type = null, Slot? Slot = null, TextPosition At = default)
{
    public static Scope Any { get; } = new(ScopeKind.Any, []);

    /// <summary>The only entity.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public EntityUid Entity => Entities.Count == 1 ? Entities[0] : throw new InvalidOperationException("The scope names no single entity.");
}

/// <summary>One <c>when</c> or <c>unless</c>.</summary>
public sealed record Condition(bool IsUnless, Expression Body);

/// <summary>A policy, or a template where its scope has slots.</summary>
/// <param name="Annotations">In the order in which they were written; null where one has no text.</param>
public sealed record Policy(
    string Id, Effect Effect, IReadOnlyList<KeyValuePair<string, string?>> Annotations, Scope Principal, Scope Action, Scope Resource, IReadOnlyList<Condition> Conditions, TextPosition At = default)
{
    /// <summary>How many operators its conditions have, each counted as often as it is worked through.</summary>
    public int Size => Conditions.Sum(c => c.Body.Size);

    public bool IsTemplate => Principal.Slot is not null || Resource.Slot is not null;

    /// <returns>Null where there is no such annotation; empty where it has no text.</returns>
    public string? Annotation(string name)
    {
        foreach (var (key, value) in Annotations)
        {
            if (string.Equals(key, name, StringComparison.Ordinal)) return value ?? "";
        }
        return null;
    }

    /// <summary>Whether its conditions read an attribute of that name, of whatever it is; so a request need not provide what no policy reads.</summary>
    public bool Reads(string attribute) => Conditions.Any(c => Has(c.Body, e => e is AttributeExpression { Name: var name } && string.Equals(name, attribute, StringComparison.Ordinal)));

    /// <summary>Whether its conditions read a variable.</summary>
    public bool Reads(Variable variable) => Conditions.Any(c => Has(c.Body, e => e is VariableExpression { Variable: var read } && read == variable));

    /// <summary>Whether its conditions name an entity of a type.</summary>
    public bool NamesEntityOf(string type) => Conditions.Any(c => Has(c.Body, e => e is LiteralExpression { Value: { Kind: ValueKind.Entity } value } && string.Equals(value.AsEntity.Type, type, StringComparison.Ordinal)));

    /// <exception cref="CedarException">It is too large.</exception>
    internal Policy Bounded()
    {
        if (Conditions.Count > CedarLimits.Conditions) throw new CedarException($"The policy has {Conditions.Count} conditions; {CedarLimits.Conditions} are allowed.", At);
        // A sum of some hundred sizes that are bounded each.
        return Size <= CedarLimits.Size ? this : throw new CedarException($"The policy's conditions are worth more than {CedarLimits.Size} operators.", At);
    }

    private static bool Has(Expression expression, Predicate<Expression> part) => part(expression) || expression.Parts.Any(p => Has(p, part));

    /// <summary>The policy that a template becomes.</summary>
    /// <param name="values">One for each slot that the template has, and no other.</param>
    /// <exception cref="CedarException">A value is missing, or one is too many.</exception>
    public Policy Link(string id, IReadOnlyDictionary<Slot, EntityUid> values)
    {
        if (!IsTemplate) throw new CedarException($"'{Id}' is no template.");
        var used = (Principal.Slot is null ? 0 : 1) + (Resource.Slot is null ? 0 : 1);
        if (values.Count != used) throw new CedarException($"The link '{id}' gives {values.Count} values, and its template '{Id}' has {used} slots.");
        return this with { Id = id, Principal = Fill(Principal, id, values), Resource = Fill(Resource, id, values) };
    }

    private Scope Fill(Scope scope, string id, IReadOnlyDictionary<Slot, EntityUid> values)
    {
        if (scope.Slot is not { } slot) return scope;
        if (!values.TryGetValue(slot, out var value)) throw new CedarException($"The link '{id}' gives no value for ?{(slot == Slot.Principal ? "principal" : "resource")} of its template '{Id}'.");
        return scope with { Slot = null, Entities = [value] };
    }
}
