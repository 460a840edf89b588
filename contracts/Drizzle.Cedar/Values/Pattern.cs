using System.Text;

namespace Drizzle.Cedar;

/// <summary>A character of a pattern, or any text.</summary>
/// <param name="Character">Null for any text.</param>
public readonly record struct PatternElement(Rune? Character)
{
    public static PatternElement Wildcard { get; } = new(null);
}

/// <summary>What <c>like</c> compares with: characters that stand for themselves, and wildcards for any text, also none.</summary>
public sealed class Pattern : IEquatable<Pattern>
{
    private readonly string[] _parts;

    public Pattern(IReadOnlyList<PatternElement> elements)
    {
        Elements = elements;
        var (parts, part) = (new List<string>(), new StringBuilder());
        foreach (var element in elements)
        {
            if (element.Character is { } rune)
            {
                part.Append(rune.ToString());
                continue;
            }
            parts.Add(part.ToString());
            part.Clear();
        }
        parts.Add(part.ToString());
        _parts = [.. parts];
    }

    public static Pattern Empty { get; } = new([]);

    public IReadOnlyList<PatternElement> Elements { get; }

    /// <summary>Whether the whole text is like this.</summary>
    public bool Matches(ReadOnlySpan<char> text)
    {
        if (_parts.Length == 1) return text.SequenceEqual(_parts[0]);
        var (first, last) = (_parts[0], _parts[^1]);
        if (text.Length < first.Length + last.Length || !text.StartsWith(first, StringComparison.Ordinal) || !text.EndsWith(last, StringComparison.Ordinal)) return false;
        // Between two wildcards the first place that fits is as good as any other.
        var rest = text[first.Length..^last.Length];
        foreach (var part in _parts.AsSpan(1, _parts.Length - 2))
        {
            var at = rest.IndexOf(part, StringComparison.Ordinal);
            if (at < 0) return false;
            rest = rest[(at + part.Length)..];
        }
        return true;
    }

    public bool Equals(Pattern? other) => other is not null && Elements.SequenceEqual(other.Elements);

    public override bool Equals(object? obj) => Equals(obj as Pattern);

    public override int GetHashCode() => string.Join('*', _parts).GetHashCode(StringComparison.Ordinal);

    /// <summary>As Cedar writes it, with its quotation marks.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("\"");
        foreach (var element in Elements)
        {
            if (element.Character is not { } rune) text.Append('*');
            else if (rune.Value == '*') text.Append("\\*");
            else Quoting.AppendEscaped(text, rune);
        }
        return text.Append('"').ToString();
    }
}
