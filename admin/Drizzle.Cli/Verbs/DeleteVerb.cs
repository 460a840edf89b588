using System.CommandLine;
using System.Text.Json;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;

namespace Drizzle.Cli.Verbs;

internal static class DeleteVerb
{
    public static Command Create()
    {
        var kind = KindTable.ArgumentOf([.. KindTable.All.Where(k => k is { IsObserved: false, Singular: not "platform" })]);
        var name = new Argument<string>("NAME") { Description = "Which; a key by its prefix." };
        var verb = new Command("delete", "Deletes one object.") { kind, name, CommonOptions.AnyTenant, CommonOptions.Force };
        Waiting.AddTo(verb);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var table = KindTable.Named(parsed.GetRequiredValue(kind));
            var path = table.PathIn(parsed.GetValue(CommonOptions.AnyTenant));
            using var admin = AdminClient.From(parsed);
            var answer = await admin.SendAsync(HttpMethod.Delete, $"{path}/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}?force={(parsed.GetValue(CommonOptions.Force) ? "true" : "false")}", null, cancellation);
            Terminal.Line($"Deleted {table.Singular} {parsed.GetRequiredValue(name)}.");
            return await Waiting.AfterAsync(RevisionOf(answer), parsed, admin, cancellation);
        });
        return verb;
    }

    /// <summary>A token is no part of the configuration.</summary>
    private static long? RevisionOf(JsonElement answer) => answer.ValueKind == JsonValueKind.Object ? answer.GetProperty("revision").GetInt64() : null;
}
