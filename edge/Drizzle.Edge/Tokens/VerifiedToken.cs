using Drizzle.Contracts.Policies;
using Drizzle.Edge.Access;

namespace Drizzle.Edge.Tokens;

/// <summary>Who bears a token that was verified, and what it says that requests need. Holds nothing of a snapshot, for it outlives them.</summary>
internal sealed class VerifiedToken : Principal
{
    /// <summary>By which it was verified.</summary>
    public required CompiledIssuer Issuer { get; init; }

    /// <summary>Among which the key was that verified it.</summary>
    public required KeySet Keys { get; init; }

    /// <summary>The <c>sub</c> claim.</summary>
    public required string Subject { get; init; }

    /// <summary>The last Unix second in which it is good, the skew included.</summary>
    public required long GoodUntil { get; init; }

    /// <summary>The name of the consumer that it belongs to; null for none.</summary>
    public required string? Consumer { get; init; }

    public required string[] Roles { get; init; }

    public required string[] Scopes { get; init; }

    /// <summary>Claims that are one value, and the issuer's attributes.</summary>
    public required Dictionary<string, string> Tags { get; init; }

    /// <summary>What limits by client id count by; null where the header says.</summary>
    public required string? ClientId { get; init; }

    /// <summary>Headers for the upstream.</summary>
    public required (string Name, string Value)[] Headers { get; init; }

    /// <summary>About how many bytes it takes to remember.</summary>
    public int Weight => 600 + (2 * (Subject.Length + Tags.Sum(t => t.Key.Length + t.Value.Length + 60) + Roles.Sum(r => r.Length + 20) + Scopes.Sum(s => s.Length + 20) + Headers.Sum(h => h.Name.Length + h.Value.Length + 40)));

    public override string Name => $"{Issuer.Name}/{Subject}";

    public override Cedar.PreparedEntity EntityIn(PolicyWorld world) => world.Subject(Issuer.Name, Subject, Consumer, Roles, Scopes, PolicyWorld.Tags(Tags));
}
