using System.CommandLine;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;

namespace Drizzle.Cli.Verbs;

internal static class RevokeVerb
{
    public static Command Create() => new("revoke", "Refuses a credential from now on.") { Key() };

    private static Command Key()
    {
        var prefix = new Argument<string>("PREFIX") { Description = "The key's public part, drz_ and eight characters." };
        var verb = new Command("key", "Revokes a key; it stays listed.") { prefix, CommonOptions.Tenant };
        Waiting.AddTo(verb);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var path = KindTable.Named("key").PathIn(parsed.GetRequiredValue(CommonOptions.Tenant));
            using var admin = AdminClient.From(parsed);
            var answer = await admin.SendAsync(HttpMethod.Post, $"{path}/{Uri.EscapeDataString(parsed.GetRequiredValue(prefix))}/revoke", null, cancellation);
            Terminal.Line($"Revoked key {parsed.GetRequiredValue(prefix)}.");
            return await Waiting.AfterAsync(answer.GetProperty("revision").GetInt64(), parsed, admin, cancellation);
        });
        return verb;
    }
}
