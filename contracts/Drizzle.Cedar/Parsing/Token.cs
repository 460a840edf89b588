namespace Drizzle.Cedar.Parsing;

internal enum TokenKind
{
    End,
    Identifier,
    Number,

    /// <summary>Its text is what stands between the quotation marks, escapes and all.</summary>
    String,
    Symbol,
}

internal readonly record struct Token(TokenKind Kind, string Text, TextPosition At)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && string.Equals(Text, symbol, StringComparison.Ordinal);

    public bool IsWord(string word) => Kind == TokenKind.Identifier && string.Equals(Text, word, StringComparison.Ordinal);

    /// <summary>For messages.</summary>
    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end of the text",
        TokenKind.String => $"\"{Shorten(Text)}\"",
        _ => $"'{Shorten(Text)}'",
    };

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
