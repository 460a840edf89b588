namespace Drizzle.Cedar;

/// <summary>A place in a text.</summary>
/// <param name="Line">From 1; 0 where there is no text.</param>
/// <param name="Column">From 1, in UTF-16 code units.</param>
public readonly record struct TextPosition(int Line, int Column)
{
    public override string ToString() => Line == 0 ? "" : $"line {Line}, column {Column}";
}
