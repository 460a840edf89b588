namespace Drizzle.Contracts.Reading;

/// <summary>One thing that is wrong with a configuration.</summary>
/// <param name="Path">Where, as <c>tenants[0].routes[2].match.paths[0]</c>; empty for the whole document.</param>
/// <param name="Line">The line of the text it was read from, from 1; null where there is no text.</param>
/// <param name="Message">What, and what to do.</param>
public sealed record ConfigError(string Path, int? Line, string Message)
{
    public override string ToString()
    {
        var where = Path.Length == 0 ? "" : Path + ": ";
        return Line is { } line ? $"line {line}: {where}{Message}" : where + Message;
    }
}
