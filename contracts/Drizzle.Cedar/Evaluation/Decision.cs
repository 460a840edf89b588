namespace Drizzle.Cedar;

/// <summary>A policy that could not be evaluated, which then neither permits nor forbids.</summary>
public sealed record PolicyError(Policy Policy, string Message);

/// <summary>What was decided, and why.</summary>
/// <param name="Reasons">The permits that were satisfied where it is allowed; otherwise the forbids that were, or none where nothing permits it.</param>
public sealed record Decision(bool IsAllowed, IReadOnlyList<Policy> Reasons, IReadOnlyList<PolicyError> Errors)
{
    internal static Decision NothingPermits { get; } = new(false, [], []);
}
