namespace Drizzle.Cedar.Parsing;

/// <summary>Cuts a text into tokens; policies and schemas have the same ones.</summary>
internal static class Tokenizer
{
    private static readonly string[] Symbols = ["::", "==", "!=", "<=", ">=", "&&", "||", "(", ")", "[", "]", "{", "}", "<", ">", "=", "!", ",", ".", ";", ":", "+", "-", "*", "@", "?", "/", "%"];

    /// <exception cref="CedarException">A character, a string or the size of the text is not allowed.</exception>
    public static List<Token> Cut(string text)
    {
        if (text.Length > CedarLimits.Text) throw new CedarException($"The text has {text.Length} characters; {CedarLimits.Text} are allowed.");
        var tokens = new List<Token>();
        var (at, line, lineStart) = (0, 1, 0);
        while (true)
        {
            SkipBlanks(text, ref at, ref line, ref lineStart);
            var position = new TextPosition(line, at - lineStart + 1);
            if (at >= text.Length)
            {
                tokens.Add(new Token(TokenKind.End, "", position));
                return tokens;
            }
            var (kind, length) = Next(text.AsSpan(at), position);
            var body = kind == TokenKind.String ? text.Substring(at + 1, length - 2) : text.Substring(at, length);
            tokens.Add(new Token(kind, body, position));
            for (var end = at + length; at < end; at++) CountLine(text, at, ref line, ref lineStart);
        }
    }

    private static void SkipBlanks(string text, ref int at, ref int line, ref int lineStart)
    {
        for (; at < text.Length; at++)
        {
            if (text.AsSpan(at).StartsWith("//"))
            {
                while (at < text.Length && text[at] is not ('\n' or '\r')) at++;
                if (at == text.Length) return;
            }
            if (!char.IsWhiteSpace(text[at])) return;
            CountLine(text, at, ref line, ref lineStart);
        }
    }

    private static void CountLine(string text, int at, ref int line, ref int lineStart)
    {
        if (text[at] != '\n') return;
        line++;
        lineStart = at + 1;
    }

    private static (TokenKind Kind, int Length) Next(ReadOnlySpan<char> rest, TextPosition at)
    {
        if (rest[0] == '"') return (TokenKind.String, StringLength(rest, at));
        if (char.IsAsciiDigit(rest[0])) return (TokenKind.Number, Length(rest, static c => char.IsAsciiDigit(c)));
        if (IsOfIdentifier(rest[0])) return (TokenKind.Identifier, Length(rest, IsOfIdentifier));
        if (rest[0] == '?' && rest.Length > 1 && IsOfIdentifier(rest[1])) return (TokenKind.Symbol, Length(rest, IsOfIdentifier));
        foreach (var symbol in Symbols)
        {
            if (rest.StartsWith(symbol, StringComparison.Ordinal)) return (TokenKind.Symbol, symbol.Length);
        }
        throw new CedarException($"The character '{rest[0]}' has no meaning here.", at);
    }

    private static bool IsOfIdentifier(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static int Length(ReadOnlySpan<char> rest, Func<char, bool> belongs)
    {
        var length = 1;
        while (length < rest.Length && belongs(rest[length])) length++;
        return length;
    }

    private static int StringLength(ReadOnlySpan<char> rest, TextPosition at)
    {
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '"') return i + 1;
            if (rest[i] == '\r') throw new CedarException("A carriage return in a string is written \\r.", at);
            // A backslash hides what follows, but no end of a line.
            if (rest[i] == '\\' && (++i >= rest.Length || rest[i] is '\n')) break;
        }
        throw new CedarException("The string has no end.", at);
    }
}
