using System.Globalization;
using System.Runtime.CompilerServices;

namespace Drizzle.Edge.Limits;

/// <summary>What one limit or quota says of a request, for the answer's headers.</summary>
/// <param name="Remaining">Tokens left.</param>
/// <param name="ResetSeconds">Until there are as many as there can be.</param>
internal readonly record struct LimitState(NamedLimit Limit, long Remaining, long ResetSeconds);

/// <summary>What the limits of a request say in its answer; all null where it has none.</summary>
internal readonly record struct LimitReport(string? Policy, string? State, string? Limit, string? Remaining, string? Reset)
{
    // Longer lines are built too, at the price of an array.
    private const int LineLength = 256;

    private static readonly string[] Small = [.. Enumerable.Range(0, 1024).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    /// <param name="states">All that were asked, at least one.</param>
    /// <param name="tightest">Of which the older headers speak.</param>
    public static LimitReport Of(ReadOnlySpan<LimitState> states, int tightest)
    {
        var limit = states[tightest].Limit;
        var (remaining, reset) = (Number(states[tightest].Remaining), Number(states[tightest].ResetSeconds));
        if (states.Length == 1) return new(limit.PolicyItem, string.Concat(limit.StateStart, remaining, ";t=", reset), limit.MostText, remaining, reset);
        return new(Policies(states), States(states), limit.MostText, remaining, reset);
    }

    private static string Policies(ReadOnlySpan<LimitState> states)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[LineLength]);
        for (var i = 0; i < states.Length; i++)
        {
            if (i > 0) text.AppendLiteral(", ");
            text.AppendLiteral(states[i].Limit.PolicyItem);
        }
        return text.ToStringAndClear();
    }

    private static string States(ReadOnlySpan<LimitState> states)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[LineLength]);
        for (var i = 0; i < states.Length; i++)
        {
            if (i > 0) text.AppendLiteral(", ");
            text.AppendLiteral(states[i].Limit.StateStart);
            text.AppendFormatted(states[i].Remaining);
            text.AppendLiteral(";t=");
            text.AppendFormatted(states[i].ResetSeconds);
        }
        return text.ToStringAndClear();
    }

    private static string Number(long value) => value is >= 0 and < 1024 ? Small[value] : value.ToString(CultureInfo.InvariantCulture);
}
