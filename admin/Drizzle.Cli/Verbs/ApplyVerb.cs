using System.CommandLine;
using Drizzle.Cli.Client;

namespace Drizzle.Cli.Verbs;

internal static class ApplyVerb
{
    public static readonly Option<string?> Reason = new("--reason", "-m") { Description = "Why; kept in the history.", HelpName = "REASON" };

    public static Command Create()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Judge and compare, and change nothing." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Remove what --prune removes without asking." };
        var verb = new Command("apply", "Applies a configuration file, tenant by tenant.") { CommonOptions.File, CommonOptions.Prune, yes, dryRun, Reason };
        Waiting.AddTo(verb);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var file = await ConfigurationText.LoadAsync(parsed.GetRequiredValue(CommonOptions.File), cancellation);
            using var admin = AdminClient.From(parsed);
            var upload = new FileUpload(admin, parsed.GetValue(CommonOptions.Prune), parsed.GetValue(dryRun), parsed.GetValue(Reason), parsed.GetValue(yes));
            var isAllDone = await upload.SendAsync(file, cancellation);
            // What was accepted goes out whether or not the rest was.
            var waited = await Waiting.AfterAsync(upload.Revision, parsed, admin, cancellation);
            return isAllDone ? waited : ExitCode.Refused;
        });
        return verb;
    }
}
