using System.CommandLine;
using Drizzle.Cli.Client;

namespace Drizzle.Cli.Verbs;

internal static class DiffVerb
{
    public static Command Create()
    {
        var verb = new Command("diff", "Shows what applying a configuration file would change.") { CommonOptions.File, CommonOptions.Prune };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var file = await ConfigurationText.LoadAsync(parsed.GetRequiredValue(CommonOptions.File), cancellation);
            using var admin = AdminClient.From(parsed);
            var upload = new FileUpload(admin, parsed.GetValue(CommonOptions.Prune), isTrial: true, reason: null);
            return await upload.SendAsync(file, cancellation) ? ExitCode.Done : ExitCode.Refused;
        });
        return verb;
    }
}
