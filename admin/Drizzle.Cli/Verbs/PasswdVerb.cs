using System.CommandLine;
using System.Text.Json.Nodes;
using Drizzle.Cli.Client;

namespace Drizzle.Cli.Verbs;

/// <summary>Gives a user another password.</summary>
internal static class PasswdVerb
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The user." };
        var verb = new Command("passwd", "Gives a user another password and ends the user's sessions.") { name, CommonOptions.AnyTenant, NewPassword.Option, CommonOptions.Output };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var admin = AdminClient.From(parsed);
            var body = new JsonObject();
            CreateVerb.Set(body, "password", await NewPassword.ReadAsync(parsed, cancellation));
            var path = $"{KindTable.Named("user").PathIn(parsed.GetValue(CommonOptions.AnyTenant))}/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}/password";
            NewPassword.Show(await admin.SendAsync(HttpMethod.Post, path, body.ToJsonString(), cancellation), $"The password of {parsed.GetRequiredValue(name)} is changed.", parsed);
            return ExitCode.Done;
        });
        return verb;
    }
}
