namespace Drizzle.Cli;

/// <summary>What scripts are told.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int WrongUsage = 2;
    public const int Unreachable = 3;
}

/// <summary>Ends the command: one clear sentence for each thing that is wrong, on stderr.</summary>
internal sealed class CommandFailure(int exitCode, IReadOnlyList<string> sentences) : Exception(string.Join(' ', sentences))
{
    public CommandFailure(int exitCode, string sentence) : this(exitCode, [sentence]) { }

    public int ExitCode { get; } = exitCode;

    public IReadOnlyList<string> Sentences { get; } = sentences;
}
