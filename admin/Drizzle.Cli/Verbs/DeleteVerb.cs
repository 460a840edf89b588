using System.CommandLine;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;

namespace Drizzle.Cli.Verbs;

internal static class DeleteVerb
{
    public static Command Create()
    {
        var kind = KindTable.ArgumentOf([.. KindTable.All.Where(k => k.Singular != "platform")]);
        var name = new Argument<string>("NAME") { Description = "Which; a key by its prefix." };
        var verb = new Command("delete", "Deletes one object.") { kind, name, CommonOptions.AnyTenant };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var table = KindTable.Named(parsed.GetRequiredValue(kind));
            var path = table.PathIn(parsed.GetValue(CommonOptions.AnyTenant));
            using var admin = AdminClient.From(parsed);
            await admin.SendAsync(HttpMethod.Delete, $"{path}/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}", null, cancellation);
            Terminal.Line($"Deleted {table.Singular} {parsed.GetRequiredValue(name)}.");
            return ExitCode.Done;
        });
        return verb;
    }
}
