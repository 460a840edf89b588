using Drizzle.Contracts.Policies;

namespace Drizzle.Edge.Access;

/// <summary>The policies of a decision, as answers and logs name them.</summary>
internal static class PolicyNames
{
    private const int Most = 10;

    /// <returns>Null where none decided.</returns>
    public static string? Of(PolicyDecision? decision) => decision?.Policies switch
    {
        null or [] => null,
        [var one] => one,
        { Count: <= Most } several => string.Join(", ", several),
        var many => $"{string.Join(", ", many.Take(Most))} and {many.Count - Most} more",
    };
}
