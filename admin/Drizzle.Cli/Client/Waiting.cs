using System.CommandLine;
using System.Text.Json;
using Drizzle.Cli.Output;
using Drizzle.Contracts.Values;

namespace Drizzle.Cli.Client;

/// <summary>Waits, after a change, until the edges have it in force, and says where each stands.</summary>
internal static class Waiting
{
    private static readonly Option<bool> Wait = new("--wait") { Description = "Return when every live edge has the change in force; exit 1 where one has not." };
    private static readonly Option<string> Timeout = MakeTimeout();

    public static void AddTo(Command verb)
    {
        verb.Options.Add(Wait);
        verb.Options.Add(Timeout);
    }

    /// <param name="revision">What the change was written as; none where nothing was.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> AfterAsync(long? revision, ParseResult parsed, AdminClient admin, CancellationToken cancellation)
    {
        if (!parsed.GetValue(Wait) || revision is not { } wanted) return ExitCode.Done;
        Terminal.Progress($"Waiting for the edges to apply revision {wanted} …");
        var receipt = await admin.GetAsync($"/v1/revisions/{wanted}/receipt?timeout={Uri.EscapeDataString(parsed.GetRequiredValue(Timeout))}", cancellation);
        Print(receipt);
        return receipt.GetProperty("confirmed").GetBoolean() ? ExitCode.Done : ExitCode.Refused;
    }

    /// <summary>To stderr, so that what the verb itself answers can be read by programs.</summary>
    private static void Print(JsonElement receipt)
    {
        var edges = receipt.GetProperty("edges").EnumerateArray().ToArray();
        if (edges.Length == 0) Terminal.Note($"No edge runs; revision {Cells.Of(receipt, "revision")} will be the first that one applies.");
        foreach (var edge in edges)
        {
            var more = Cells.Of(edge, "state") == "applied" ? Cells.Of(edge, "at") : Cells.Of(edge, "reason");
            Terminal.Note($"{Cells.Of(edge, "edge")}: {Cells.Of(edge, "state")}  {more}");
        }
    }

    private static Option<string> MakeTimeout()
    {
        var option = new Option<string>("--timeout") { Description = "How long --wait waits, at most 1m.", HelpName = "DURATION", DefaultValueFactory = _ => "5s" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Duration.TryParse(token.Value, out _)) result.AddError($"--timeout {token.Value}: expected {Duration.Expected}.");
        });
        return option;
    }
}
