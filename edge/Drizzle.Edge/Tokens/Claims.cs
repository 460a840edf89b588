using System.Text.Json;

namespace Drizzle.Edge.Tokens;

/// <summary>Reads claims out of a token's payload.</summary>
internal static class Claims
{
    private const double LatestTime = 253_402_300_799;

    /// <param name="payload">An object.</param>
    /// <param name="path">A claim's name; where there is none of that name, names with dots between lead into objects.</param>
    public static bool TryFind(JsonElement payload, string path, out JsonElement claim)
    {
        if (payload.TryGetProperty(path, out claim)) return true;
        if (!path.Contains('.', StringComparison.Ordinal)) return false;
        claim = payload;
        foreach (var name in path.Split('.'))
        {
            if (claim.ValueKind != JsonValueKind.Object || !claim.TryGetProperty(name, out claim)) return false;
        }
        return true;
    }

    /// <returns>Null where it is not one value.</returns>
    public static string? TextOf(JsonElement claim) => claim.ValueKind switch
    {
        JsonValueKind.String => claim.GetString(),
        JsonValueKind.Number => claim.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    /// <returns>Null where it is not there, or not one value.</returns>
    public static string? TextOf(JsonElement payload, string path) => TryFind(payload, path, out var claim) ? TextOf(claim) : null;

    /// <summary>The words of a claim: a list of texts, or one text with spaces between.</summary>
    public static string[] WordsOf(JsonElement payload, string path)
    {
        if (!TryFind(payload, path, out var claim)) return [];
        return claim.ValueKind switch
        {
            JsonValueKind.String => (claim.GetString() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            JsonValueKind.Array => [.. claim.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString() ?? "")],
            _ => [],
        };
    }

    /// <summary>Seconds since 1970 (NumericDate).</summary>
    /// <returns>False where it is there and is no such time.</returns>
    public static bool TryReadTime(JsonElement payload, string name, out long? seconds)
    {
        seconds = null;
        if (!payload.TryGetProperty(name, out var claim)) return true;
        if (claim.ValueKind != JsonValueKind.Number || !claim.TryGetDouble(out var time) || time is not (>= 0 and <= LatestTime)) return false;
        seconds = (long)time;
        return true;
    }
}
