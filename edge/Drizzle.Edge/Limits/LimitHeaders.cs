using System.Globalization;
using System.Runtime.CompilerServices;

namespace Drizzle.Edge.Limits;

/// <summary>What one limit or quota says of a request, for the answer's headers.</summary>
/// <param name="PolicyItem">Its item of RateLimit-Policy.</param>
/// <param name="StateStart">What its item of RateLimit begins with, up to the number of tokens left.</param>
/// <param name="MostText">The burst or the amount.</param>
/// <param name="Remaining">Tokens left.</param>
/// <param name="ResetSeconds">Until there are as many as there can be.</param>
internal readonly record struct LimitState(string PolicyItem, string StateStart, string MostText, long Remaining, long ResetSeconds);

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
        var (remaining, reset) = (Number(states[tightest].Remaining), Number(states[tightest].ResetSeconds));
        var most = states[tightest].MostText;
        if (states.Length == 1) return new(states[0].PolicyItem, string.Concat(states[0].StateStart, remaining, ";t=", reset), most, remaining, reset);
        return new(Policies(states), States(states), most, remaining, reset);
    }

    private static string Policies(ReadOnlySpan<LimitState> states)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[LineLength]);
        for (var i = 0; i < states.Length; i++)
        {
            if (i > 0) text.AppendLiteral(", ");
            text.AppendLiteral(states[i].PolicyItem);
        }
        return text.ToStringAndClear();
    }

    private static string States(ReadOnlySpan<LimitState> states)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[LineLength]);
        for (var i = 0; i < states.Length; i++)
        {
            if (i > 0) text.AppendLiteral(", ");
            text.AppendLiteral(states[i].StateStart);
            text.AppendFormatted(states[i].Remaining);
            text.AppendLiteral(";t=");
            text.AppendFormatted(states[i].ResetSeconds);
        }
        return text.ToStringAndClear();
    }

    private static string Number(long value) => value is >= 0 and < 1024 ? Small[value] : value.ToString(CultureInfo.InvariantCulture);
}
