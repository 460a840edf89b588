using System.CommandLine;
using System.Text.Json;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;

namespace Drizzle.Cli.Verbs;

internal static class StatusVerb
{
    private static readonly string[] Columns = ["id", "version", "address", "startedAt", "seenAt", "applied", "lag"];

    public static Command Create()
    {
        var verb = new Command("status", "Shows the edges, how far each is, and what each refused.") { CommonOptions.Output };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var admin = AdminClient.From(parsed);
            var answer = await admin.GetAsync("/v1/edges", cancellation);
            Terminal.Show(answer, parsed.GetRequiredValue(CommonOptions.Output), Print);
            return ExitCode.Done;
        });
        return verb;
    }

    private static void Print(JsonElement answer)
    {
        Terminal.Line($"Revision {Cells.Of(answer, "revision")}.");
        var edges = answer.GetProperty("edges").EnumerateArray().ToArray();
        if (edges.Length == 0) Terminal.Note("No edges.");
        else Terminal.Table(["edge", "version", "address", "started", "seen", "applied", "lag"], edges.Select(e => (IReadOnlyList<string>)[.. Columns.Select(c => Cells.Of(e, c))]));
        foreach (var edge in edges)
        {
            foreach (var refused in edge.GetProperty("refused").EnumerateArray())
            {
                Terminal.Line($"{Cells.Of(edge, "id")} refused revision {Cells.Of(refused, "revision")} of {Cells.Of(refused, "scope")}: {Cells.Of(refused, "reason")}");
            }
        }
    }
}
