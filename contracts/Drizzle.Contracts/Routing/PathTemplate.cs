namespace Drizzle.Contracts.Routing;

/// <summary>A path with <c>{name}</c> and <c>{**}</c> in it, to be filled with what a pattern matched.</summary>
/// <param name="Parts">Literal text and names in turn.</param>
public sealed record PathTemplate(IReadOnlyList<TemplatePart> Parts)
{
    public IEnumerable<string> Names => Parts.Where(p => p.IsName).Select(p => p.Text);

    public static PathTemplate? Parse(string text, out string? error)
    {
        error = null;
        var parts = new List<TemplatePart>();
        if (text.Length is 0 or > 2048 || text[0] != '/') error = "A path begins with '/' and has at most 2048 characters.";
        for (var at = 0; at < text.Length && error is null;)
        {
            var open = text.IndexOf('{', at);
            var literal = text[at..(open < 0 ? text.Length : open)];
            if (literal.Length > 0 && (NormalPath.TryNormalize("/" + literal.TrimStart('/'), out _, out _) != PathVerdict.Ok || literal.AsSpan().IndexOfAny("}?#") >= 0)) error = $"'{literal}' is not part of a path.";
            if (literal.Length > 0) parts.Add(new(literal, IsName: false));
            if (open < 0) break;
            var close = text.IndexOf('}', open);
            if (close < 0) error = "A brace is not closed.";
            else parts.Add(new(text[(open + 1)..close], IsName: true));
            at = close + 1;
        }
        return error is null ? new(parts) : null;
    }
}

/// <param name="Text">Literal text, or a name.</param>
public readonly record struct TemplatePart(string Text, bool IsName);
