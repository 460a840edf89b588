using System.CommandLine;
using System.Text.Json;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;

namespace Drizzle.Cli.Verbs;

internal static class UsageVerb
{
    private static readonly string[] Counts = ["requests", "refused", "errors", "bytesIn", "bytesOut", "upstreamMs"];

    public static Command Create()
    {
        var from = new Option<string?>("--from") { Description = "First day, in UTC. Default: 29 days ago.", HelpName = "YYYY-MM-DD" };
        var to = new Option<string?>("--to") { Description = "Last day. Default: today.", HelpName = "YYYY-MM-DD" };
        var by = new Option<string>("--by") { Description = "What rows are told apart by, with commas between: day, consumer, service, route.", HelpName = "LIST", DefaultValueFactory = _ => "day" };
        var consumer = new Option<string?>("--consumer") { Description = "Of one consumer alone.", HelpName = "NAME" };
        var verb = new Command("usage", "Shows what a tenant has used.") { CommonOptions.Tenant, from, to, by, consumer, CommonOptions.Output };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var asked = new[] { ("from", parsed.GetValue(from)), ("to", parsed.GetValue(to)), ("by", parsed.GetValue(by)), ("consumer", parsed.GetValue(consumer)) };
            var query = string.Join('&', asked.Where(a => a.Item2 is not null).Select(a => $"{a.Item1}={Uri.EscapeDataString(a.Item2 ?? "")}"));
            using var admin = AdminClient.From(parsed);
            var answer = await admin.GetAsync($"{KindTable.ScopePath(parsed.GetRequiredValue(CommonOptions.Tenant))}/usage?{query}", cancellation);
            Terminal.Show(answer, parsed.GetRequiredValue(CommonOptions.Output), shown => Print(shown, parsed.GetRequiredValue(by)));
            return ExitCode.Done;
        });
        return verb;
    }

    private static void Print(JsonElement rows, string by)
    {
        string[] columns = [.. by.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), .. Counts];
        if (rows.GetArrayLength() == 0) Terminal.Note("No usage.");
        else Terminal.Table(columns, rows.EnumerateArray().Select(row => (IReadOnlyList<string>)[.. columns.Select(c => Cells.Of(row, c))]));
    }
}
