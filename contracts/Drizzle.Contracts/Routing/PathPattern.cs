namespace Drizzle.Contracts.Routing;

public enum SegmentKind
{
    Literal,
    Any,
    Rest,
}

/// <param name="Kind">What it matches.</param>
/// <param name="Text">A literal's normal form, a parameter's name, or null.</param>
public readonly record struct PatternSegment(SegmentKind Kind, string? Text);

/// <summary>A path pattern: literal segments, <c>*</c> or <c>{name}</c> for one segment, <c>**</c> at the end for any number.</summary>
public sealed record PathPattern(string Text, IReadOnlyList<PatternSegment> Segments)
{
    /// <summary>One character a segment, most specific first in ordinal order: E end, L literal, P one segment, R rest.</summary>
    public string Shape { get; } = string.Concat(Segments.Select(s => s.Kind switch { SegmentKind.Literal => 'L', SegmentKind.Any => 'P', _ => 'R' })) + (EndsOpen(Segments) ? "" : "E");

    /// <summary>Two patterns with the same key match the same paths.</summary>
    public string Key { get; } = "/" + string.Join('/', Segments.Select(s => s.Kind switch { SegmentKind.Literal => s.Text, SegmentKind.Any => "*", _ => "**" }));

    private static bool EndsOpen(IReadOnlyList<PatternSegment> segments) => segments.Count > 0 && segments[^1].Kind == SegmentKind.Rest;

    /// <returns>Null and a sentence on what is wrong, or the pattern.</returns>
    public static PathPattern? Parse(string text, out string? error)
    {
        error = null;
        if (text.Length == 0 || text[0] != '/') error = "A path pattern begins with '/'.";
        else if (text.Length > 2048) error = "A path pattern has at most 2048 characters.";
        if (error is not null) return null;
        var parts = text == "/" ? [] : text[1..(text[^1] == '/' ? ^1 : ^0)].Split('/');
        if (parts.Length > 64)
        {
            error = "A path pattern has at most 64 segments.";
            return null;
        }
        var segments = new List<PatternSegment>(parts.Length);
        for (var i = 0; i < parts.Length; i++)
        {
            if (ParseSegment(parts[i], i == parts.Length - 1, segments, out error) is not { } segment) return null;
            segments.Add(segment);
        }
        return new PathPattern(text, segments);
    }

    private static PatternSegment? ParseSegment(string part, bool isLast, List<PatternSegment> before, out string? error)
    {
        error = null;
        switch (part)
        {
            case "*":
                return new(SegmentKind.Any, null);
            case "**" when isLast:
                return new(SegmentKind.Rest, null);
            case "**":
                error = "'**' stands only at the end.";
                return null;
            case "":
                error = "Two slashes follow each other.";
                return null;
            case "." or "..":
                error = $"'{part}' as a segment never reaches a match: dot segments are resolved first.";
                return null;
        }
        if (part[0] == '{' && part[^1] == '}')
        {
            var name = part[1..^1];
            if (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')) error = $"'{part}': a name in braces has letters, digits, '_' or '-'.";
            else if (before.Exists(s => s.Kind == SegmentKind.Any && s.Text == name)) error = $"'{part}' stands twice.";
            return error is null ? new(SegmentKind.Any, name) : null;
        }
        if (part.AsSpan().IndexOfAny("*{}?#") >= 0)
        {
            error = $"'{part}': '*' and '{{name}}' stand for a whole segment; '?' and '#' are no part of a path.";
            return null;
        }
        if (NormalPath.Literal(part) is not { } literal)
        {
            error = $"'{part}' is not a valid path segment.";
            return null;
        }
        return new(SegmentKind.Literal, literal);
    }
}
