using System.Globalization;

namespace Drizzle.Edge.Limits;

/// <summary>What one limit or quota says of a request, for the answer's headers.</summary>
/// <param name="PolicyItem">Its item of RateLimit-Policy.</param>
/// <param name="MostText">The burst or the amount.</param>
/// <param name="Remaining">Tokens left.</param>
/// <param name="ResetSeconds">Until there are as many as there can be.</param>
internal readonly record struct LimitState(string Name, string PolicyItem, string MostText, long Remaining, long ResetSeconds);

/// <summary>What the limits of a request say in its answer; all null where it has none.</summary>
internal readonly record struct LimitReport(string? Policy, string? State, string? Limit, string? Remaining, string? Reset)
{
    private static readonly string[] Small = [.. Enumerable.Range(0, 1024).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    /// <param name="states">All that were asked, at least one.</param>
    /// <param name="tightest">Of which the older headers speak.</param>
    public static LimitReport Of(ReadOnlySpan<LimitState> states, int tightest)
    {
        var policy = states[0].PolicyItem;
        var state = Item(states[0]);
        foreach (var other in states[1..])
        {
            policy = $"{policy}, {other.PolicyItem}";
            state = $"{state}, {Item(other)}";
        }
        return new(policy, state, states[tightest].MostText, Number(states[tightest].Remaining), Number(states[tightest].ResetSeconds));
    }

    private static string Item(in LimitState state) => $"\"{state.Name}\";r={state.Remaining};t={state.ResetSeconds}";

    private static string Number(long value) => value is >= 0 and < 1024 ? Small[value] : value.ToString(CultureInfo.InvariantCulture);
}
