using Drizzle.Contracts.Routing;

namespace Drizzle.Edge.Routing;

/// <summary>What the named segments of a route's patterns are in a path.</summary>
internal static class PathCaptures
{
    /// <summary>By the first pattern that the path fits; what <c>**</c> stands for is under that name.</summary>
    public static Dictionary<string, string> Of(PathPattern[] patterns, string path)
    {
        var segments = path.Trim('/').Split('/');
        foreach (var pattern in patterns)
        {
            if (TryCapture(pattern.Segments, segments) is { } values) return values;
        }
        return [];
    }

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
