namespace Drizzle.Contracts.Validation;

/// <summary>Which names are allowed, so that no two differ only by case or percent-encoding.</summary>
public static class Names
{
    /// <summary>Slugs that would be taken for something else.</summary>
    private static readonly string[] Reserved = ["platform"];

    public static string? SlugError(string slug)
    {
        var isFine = slug.Length is > 0 and <= 63 && slug[0] != '-' && slug[^1] != '-' && slug.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        if (!isFine) return $"'{Shown(slug)}': a slug has 1 to 63 lower-case letters, digits and hyphens, no hyphen at either end.";
        return Reserved.Contains(slug) ? $"'{slug}' is reserved." : null;
    }

    public static string? NameError(string name) =>
        name.Length is > 0 and <= 63 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? null
            : $"'{Shown(name)}': a name has 1 to 63 letters, digits, '-', '_' and '.', and begins with a letter or digit.";

    /// <summary>Lower case, so that no two users differ by it alone; an address of mail will do.</summary>
    public static string? UserNameError(string name) =>
        name.Length is > 0 and <= 100 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.' or '+' or '@')
            ? null
            : $"'{Shown(name)}': a user's name has 1 to 100 lower-case letters, digits, '-', '_', '.', '+' and '@', and begins with a letter or digit.";

    /// <summary>RFC 9110 token.</summary>
    public static bool IsToken(string text) =>
        text.Length is > 0 and <= 128 && text.All(IsTokenCharacter);

    /// <summary>Of an RFC 9110 token.</summary>
    public static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);

    public static bool IsHeaderValue(string text) => text.Length <= 4096 && text.All(c => c is '\t' or (>= ' ' and < (char)0x7F));

    public static string Shown(string text)
    {
        var shortened = text.Length > 80 ? text[..80] + "…" : text;
        return string.Concat(shortened.Select(c => char.IsControl(c) ? '?' : c));
    }
}
