namespace Drizzle.Cedar;

/// <summary>A text or a document that is not Cedar. The message says what is wrong, and where.</summary>
public sealed class CedarException : FormatException
{
    public CedarException(string what, TextPosition at)
        : base(at.Line == 0 ? what : $"{at}: {what}") => (What, At) = (what, at);

    public CedarException(string what, Exception inner)
        : base(what, inner) => What = what;

    public CedarException(string what)
        : this(what, default(TextPosition))
    {
    }

    public CedarException()
        : this("This is not Cedar.")
    {
    }

    /// <summary>The message without the place.</summary>
    public string What { get; }

    /// <summary>Line 0 where the document has no lines, as with JSON.</summary>
    public TextPosition At { get; }
}
