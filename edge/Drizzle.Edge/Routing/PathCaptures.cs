using Drizzle.Contracts.Routing;

namespace Drizzle.Edge.Routing;

/// <summary>What the named segments of a route's patterns are in a path.</summary>
internal static class PathCaptures
{
    /// <summary>By the most specific pattern that the path fits, as routes are found; what <c>**</c> stands for is under that name.</summary>
    public static Dictionary<string, string> Of(PathPattern[] patterns, string path)
    {
        var segments = path.Trim('/').Split('/');
        Dictionary<string, string>? best = null;
        PathPattern? bestPattern = null;
        foreach (var pattern in patterns)
        {
            if ((bestPattern is null || IsMoreSpecific(pattern, bestPattern)) && TryCapture(pattern.Segments, segments) is { } values) (best, bestPattern) = (values, pattern);
        }
        return best ?? [];
    }

    /// <summary>Of two that one path fits: at the first place where they differ, what is written before a name, and that before what goes on.</summary>
    private static bool IsMoreSpecific(PathPattern one, PathPattern other)
    {
        for (var i = 0; i < Math.Min(one.Segments.Count, other.Segments.Count); i++)
        {
            if (one.Segments[i].Kind != other.Segments[i].Kind) return RankOf(one.Segments[i].Kind) < RankOf(other.Segments[i].Kind);
        }
        return one.Segments.Count < other.Segments.Count;
    }

    private static int RankOf(SegmentKind kind) => kind switch { SegmentKind.Literal => 0, SegmentKind.Any => 1, _ => 2 };

    private static Dictionary<string, string>? TryCapture(IReadOnlyList<PatternSegment> pattern, string[] segments)
    {
        var values = new Dictionary<string, string>();
        for (var i = 0; i < pattern.Count; i++)
        {
            if (pattern[i].Kind == SegmentKind.Rest)
            {
                values["**"] = string.Join('/', segments.Skip(i));
                return values;
            }
            if (i >= segments.Length || (pattern[i].Kind == SegmentKind.Literal && pattern[i].Text != segments[i])) return null;
            if (pattern[i] is { Kind: SegmentKind.Any, Text: { } name }) values[name] = segments[i];
        }
        return pattern.Count == segments.Length ? values : null;
    }
}
