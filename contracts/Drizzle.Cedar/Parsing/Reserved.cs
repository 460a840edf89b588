namespace Drizzle.Cedar.Parsing;

/// <summary>Words that cannot be names.</summary>
internal static class Reserved
{
    /// <summary>The namespace of Cedar's own types, which only schemas may name.</summary>
    public const string Namespace = "__cedar";

    private static readonly HashSet<string> Words = new(["true", "false", "if", "then", "else", "in", "like", "has", "is", Namespace], StringComparer.Ordinal);

    public static bool Is(string word) => Words.Contains(word);

    /// <summary>Whether a text is an identifier that may be a name.</summary>
    public static bool IsName(string text) => IsIdentifier(text) && !Is(text);

    /// <summary>Whether a text is a name with namespaces, without blanks.</summary>
    public static bool IsPath(string text) => text.Split("::") is var parts && Array.TrueForAll(parts, IsName);

    public static bool IsIdentifier(string text) => text.Length > 0 && !char.IsAsciiDigit(text[0]) && !text.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
}
