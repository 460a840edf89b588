namespace Drizzle.Contracts.Explaining;

/// <summary>What would become of a request.</summary>
public enum ExplainOutcome
{
    /// <summary>It would go to <see cref="Explanation.Destination"/>.</summary>
    Forwarded,

    /// <summary>It would be answered by the gateway with <see cref="Explanation.Status"/>.</summary>
    Refused,

    /// <summary>A browser's question about another origin, which the gateway answers by itself.</summary>
    Preflight,
}

/// <summary>What an edge would do with a request, stage by stage; stages after the one that refused are left out.</summary>
/// <param name="Status">What the gateway would answer; null where the destination does.</param>
/// <param name="Kind">The last part of the problem's <c>urn:drizzle:…</c>; null unless it is refused.</param>
/// <param name="Detail">Why, in a sentence, for whoever administers: it says more than the client is told.</param>
/// <param name="Revision">Of the tenant's document that was asked; 0 where no tenant was found.</param>
/// <param name="Path">In the normal form that is matched; null where the request cannot be read.</param>
/// <param name="Route">The one that won.</param>
/// <param name="Lost">Why others did not, the closest first; at most 100.</param>
/// <param name="LostInAll">How many lost.</param>
/// <param name="Policies">What policies say whose scope the request may satisfy, those that decide first; at most 100.</param>
/// <param name="Limits">Every limit and quota that would be charged. How many requests are under way is each edge's own and not told.</param>
/// <param name="Destination">The one that would be chosen, its path included.</param>
/// <param name="Destinations">All of the service, and which could be chosen.</param>
public sealed record Explanation(
    ExplainOutcome Outcome, int? Status, string? Kind, string Detail, long Revision, string? Path, ExplainedRoute? Route, IReadOnlyList<LostRoute> Lost, int LostInAll,
    ExplainedCredential? Credential, IReadOnlyList<ExplainedPolicy> Policies, IReadOnlyList<ExplainedLimit> Limits, string? Destination, IReadOnlyList<ExplainedDestination> Destinations);

/// <param name="Name">The route's, or the service's where no route is written for it.</param>
/// <param name="Why">Which conditions it met.</param>
public sealed record ExplainedRoute(string Name, string Service, string Why);

/// <param name="Why">The first condition that does not hold, or what puts the winner before it.</param>
public sealed record LostRoute(string Name, string Service, string Why);

/// <param name="Key">The key's public part; null where none was found.</param>
/// <param name="Caller">Who bears the token, as <c>issuer/sub</c>, or the certificate, by its name; null for others.</param>
/// <param name="Consumer">Whose it is; null where it belongs to none.</param>
/// <param name="Why">Where it came from, or why none is accepted.</param>
public sealed record ExplainedCredential(bool IsAccepted, string? Key, string? Caller, string? Consumer, string Why);

/// <param name="Effect"><c>permit</c> or <c>forbid</c>.</param>
/// <param name="IsShadow">Whether it decides nothing.</param>
/// <param name="Applies">Whether the request satisfies it; null where it cannot be evaluated.</param>
/// <param name="Why">Why it cannot be evaluated; empty otherwise.</param>
public sealed record ExplainedPolicy(string Name, string Effect, bool IsShadow, bool? Applies, string Why);

/// <param name="Name">With where it stands, such as <c>acme/plan:starter/per-minute</c>.</param>
/// <param name="Subject">The values that it counts by; empty where one bucket is for all.</param>
/// <param name="Level">Whole tokens in the bucket; with edges sharing an engine those that are with its owner; null where it is not the caller's to know.</param>
/// <param name="Cost">Tokens that the request takes.</param>
/// <param name="Admits">Whether there are that many; null where that is not known.</param>
public sealed record ExplainedLimit(string Name, string Subject, long Burst, long? Level, long Cost, bool? Admits);

/// <param name="Why">Why it could not be chosen; empty where it could.</param>
public sealed record ExplainedDestination(string Url, bool IsAvailable, string Why);

/// <summary>Says what would become of a request, by the same code that judges real ones.</summary>
public interface IExplainer
{
    /// <summary>Changes nothing: no limit is charged, nothing is counted, nothing is sent.</summary>
    /// <param name="tenant">Of whom alone the answer tells; a request that goes to another is only said to.</param>
    /// <param name="request">What to explain.</param>
    /// <param name="isPlatformOwner">Whether who asks may know what others have left of the platform's limits.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="FormatException">The request is none; the message says why.</exception>
    /// <returns>Null where there is no such tenant in force.</returns>
    Task<Explanation?> ExplainAsync(string tenant, ExplainRequest request, bool isPlatformOwner, CancellationToken cancellation);
}
