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
            var files = parsed.GetRequiredValue(CommonOptions.Output) == "table" && table is { Place: KindPlace.Tenant, IsListed: false } ? await FilesAsync(admin, table, parsed.GetValue(CommonOptions.AnyTenant), cancellation) : [];
            Terminal.Show(answer, parsed.GetRequiredValue(CommonOptions.Output), shown => table.Print(shown, files));
            return ExitCode.Done;
        });
        return verb;
    }

    /// <returns>The file that each object is kept in, by its name in lower case.</returns>
    private static async Task<Dictionary<string, string>> FilesAsync(AdminClient admin, KindTable table, string? tenant, CancellationToken cancellation)
    {
        var owners = await admin.GetAsync($"{KindTable.ScopePath(tenant)}/owners", cancellation);
        return owners.EnumerateArray().Where(o => Cells.Of(o, "object").StartsWith(table.Singular + "/", StringComparison.Ordinal)).ToDictionary(o => Cells.Of(o, "object")[(table.Singular.Length + 1)..], o => Cells.Of(o, "file"));
    }

    private static async Task<JsonElement> ReadAsync(AdminClient admin, KindTable table, string path, string? name, CancellationToken cancellation)
    {
        if (name is null || table.Singular == "platform") return await admin.GetAsync(path, cancellation);
        if (!table.IsListed) return await admin.GetAsync($"{path}/{Uri.EscapeDataString(name)}", cancellation);
        var all = await admin.GetAsync(path, cancellation);
        foreach (var item in all.EnumerateArray())
        {
            if (Cells.Of(item, table.Columns[0]) == name) return item;
        }
        throw new CommandFailure(ExitCode.Refused, $"There is no {table.Singular} '{name}'.");
    }
}
