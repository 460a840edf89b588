namespace Drizzle.Cedar.Parsing;

/// <summary>Goes through the tokens of a text.</summary>
internal sealed class TokenReader(string text)
{
    private readonly List<Token> _tokens = Tokenizer.Cut(text);
    private int _next;

    public Token Current => _tokens[_next];

    public Token Ahead(int count) => _tokens[Math.Min(_next + count, _tokens.Count - 1)];

    public bool IsAtEnd => Current.Kind == TokenKind.End;

    public Token Take()
    {
        var token = Current;
        if (token.Kind != TokenKind.End) _next++;
        return token;
    }

    public bool TryTake(string symbol)
    {
        if (!Current.Is(symbol)) return false;
        _next++;
        return true;
    }

    public bool TryTakeWord(string word)
    {
        if (!Current.IsWord(word)) return false;
        _next++;
        return true;
    }

    /// <exception cref="CedarException">Something else stands there.</exception>
    public void Expect(string symbol)
    {
        if (!TryTake(symbol)) throw Unexpected($"'{symbol}'");
    }

    /// <exception cref="CedarException">Something else stands there.</exception>
    public string ExpectIdentifier(string what) => Current.Kind == TokenKind.Identifier ? Take().Text : throw Unexpected(what);

    /// <summary>A string with its escapes resolved.</summary>
    /// <exception cref="CedarException">There is none, or an escape is wrong.</exception>
    public string ExpectString(string what) => Current.Kind == TokenKind.String ? Unquote(Take()) : throw Unexpected(what);

    public static string Unquote(Token token) => Quoting.TryUnquote(token.Text, out var text, out var error) ? text : throw new CedarException($"In the string {token}: {error}.", token.At);

    public CedarException Unexpected(string expected) => new($"Expected {expected}, found {Current}.", Current.At);

    /// <summary>Elements between commas, up to a closing symbol, which is taken too. A comma may follow the last.</summary>
    public List<T> List<T>(string close, Func<T> element)
    {
        var elements = new List<T>();
        while (!TryTake(close))
        {
            elements.Add(element());
            if (TryTake(",")) continue;
            Expect(close);
            break;
        }
        return elements;
    }

    /// <summary>A name with namespaces.</summary>
    /// <param name="own">A namespace that is reserved but may be named here.</param>
    public string Path(string what, string own = "")
    {
        var first = Word(what, own);
        if (!IsNameAhead()) return first;
        var names = new List<string> { first };
        while (IsNameAhead())
        {
            Take();
            names.Add(Word(what, own));
        }
        return string.Join("::", names);
    }

    private bool IsNameAhead() => Current.Is("::") && Ahead(1).Kind == TokenKind.Identifier;

    private string Word(string what, string own)
    {
        if (Current.Kind == TokenKind.Identifier && Reserved.Is(Current.Text) && Current.Text != own) throw new CedarException($"'{Current.Text}' is a reserved word, and cannot be {what}.", Current.At);
        return ExpectIdentifier(what);
    }
}
