using System.CommandLine;
using Drizzle.Cli.Output;

namespace Drizzle.Cli;

/// <summary>Says what is wrong with a command line.</summary>
internal static class Usage
{
    public static void Explain(ParseResult parsed)
    {
        var verb = parsed.CommandResult.Command;
        if (verb.Subcommands.Count > 0)
        {
            var found = parsed.UnmatchedTokens is [var unknown, ..] ? $"There is no '{unknown}' here." : "Something is missing.";
            Terminal.Error($"{found} Known: {string.Join(", ", verb.Subcommands.Select(c => c.Name))}.");
            return;
        }
        foreach (var error in parsed.Errors)
        {
            Terminal.Error(string.Join(' ', error.Message.Split((char[])['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        }
    }
}
