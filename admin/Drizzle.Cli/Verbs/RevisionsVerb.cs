using System.CommandLine;
using System.Text.Json;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;

namespace Drizzle.Cli.Verbs;

internal static class RevisionsVerb
{
    private static readonly string[] Columns = ["revision", "scope", "at", "actor", "address", "isDeletion", "reason"];

    public static Command Create()
    {
        var limit = new Option<int>("--limit") { Description = "How many, newest first.", DefaultValueFactory = _ => 20 };
        var verb = new Command("revisions", "Shows who changed what, when and why.") { CommonOptions.AnyTenant, limit, CommonOptions.Output };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var tenant = parsed.GetValue(CommonOptions.AnyTenant) is { } slug ? "&tenant=" + Uri.EscapeDataString(slug) : "";
            using var admin = AdminClient.From(parsed);
            var answer = await admin.GetAsync($"/v1/revisions?limit={parsed.GetValue(limit)}{tenant}", cancellation);
            Terminal.Show(answer, parsed.GetRequiredValue(CommonOptions.Output), Print);
            return ExitCode.Done;
        });
        return verb;
    }

    private static void Print(JsonElement answer)
    {
        if (answer.GetArrayLength() == 0) Terminal.Note("No revisions.");
        else Terminal.Table(["revision", "scope", "at", "by", "from", "deleted", "reason"], answer.EnumerateArray().Select(r => (IReadOnlyList<string>)[.. Columns.Select(c => Cells.Of(r, c))]));
    }
}
