using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Model;

/// <summary>Who calls: an application or a partner.</summary>
public sealed record Consumer
{
    /// <summary>Unique in the tenant.</summary>
    public required string Name { get; init; }

    /// <summary>The plan it is on.</summary>
    public string? Plan { get; init; }

    /// <summary>Roles that policies name.</summary>
    public ValueList<string> Roles { get; init; }

    /// <summary>
    /// Client certificates that are its own, by a name that they bear: <c>uri:spiffe://acme/mobile</c>, <c>dns:mobile.acme.test</c>, <c>email:ops@acme.test</c> or
    /// <c>subject:CN=mobile,O=Acme</c>.
    /// </summary>
    public ValueList<string> Certificates { get; init; }

    /// <summary>Anything that policies may want to know: a consumer's tags.</summary>
    public ValueMap Attributes { get; init; }
}

/// <summary>A credential of a consumer. The key itself is shown once, when it is made, and never stored.</summary>
public sealed record ApiKey
{
    /// <summary>The public part, <c>drz_</c> and eight characters, by which people name the key.</summary>
    public required string Prefix { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Consumer { get; init; }

    /// <summary>Lower-case hexadecimal SHA-256 of the whole key.</summary>
    public required string Hash { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends. Never when absent.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the key may be used for, in words that policies know.</summary>
    public ValueList<string> Scopes { get; init; }

    /// <summary>Refused from now on, and still listed.</summary>
    public bool Revoked { get; init; }
}
