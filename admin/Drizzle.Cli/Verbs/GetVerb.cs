using System.CommandLine;
using System.Text.Json;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;

namespace Drizzle.Cli.Verbs;

internal static class GetVerb
{
    public static Command Create()
    {
        var kind = KindTable.ArgumentOf([.. KindTable.All.Where(k => k.Singular != "edge")]);
        var name = new Argument<string?>("NAME") { Description = "One of them; all when absent.", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("get", "Shows objects.") { kind, name, CommonOptions.AnyTenant, CommonOptions.Output };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var table = KindTable.Named(parsed.GetRequiredValue(kind));
            using var admin = AdminClient.From(parsed);
            var answer = await ReadAsync(admin, table, table.PathIn(parsed.GetValue(CommonOptions.AnyTenant)), parsed.GetValue(name), cancellation);
            Terminal.Show(answer, parsed.GetRequiredValue(CommonOptions.Output), table.Print);
            return ExitCode.Done;
        });
        return verb;
    }

    private static async Task<JsonElement> ReadAsync(AdminClient admin, KindTable table, string path, string? name, CancellationToken cancellation)
    {
        if (name is null || table.Singular == "platform") return await admin.GetAsync(path, cancellation);
        if (table.Singular is not ("key" or "token")) return await admin.GetAsync($"{path}/{Uri.EscapeDataString(name)}", cancellation);
        // Keys and tokens are listed, never read one by one.
        var all = await admin.GetAsync(path, cancellation);
        foreach (var item in all.EnumerateArray())
        {
            if (Cells.Of(item, table.Columns[0]) == name) return item;
        }
        throw new CommandFailure(ExitCode.Refused, $"There is no {table.Singular} '{name}'.");
    }
}
