using System.CommandLine;
using Drizzle.Cli.Client;

namespace Drizzle.Cli.Verbs;

internal static class ApplyVerb
{
    public static readonly Option<string?> Reason = new("--reason", "-m") { Description = "Why; kept in the history.", HelpName = "REASON" };

    /// <summary>For files that are called otherwise on another machine.</summary>
    public static readonly Option<string?> As = new("--as") { Description = "The name of the file that owns what it states. Default its own name; nothing is owned by the standard input.", HelpName = "NAME" };

    public static Command Create()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Judge and compare, and change nothing." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Remove what --prune removes without asking." };
        var verb = new Command("apply", "Applies a configuration file, tenant by tenant; what it states is then kept in it, and read-only elsewhere.") { CommonOptions.File, CommonOptions.AnyTenant, CommonOptions.Prune, yes, dryRun, As, CommonOptions.Force, Reason };
        Waiting.AddTo(verb);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(CommonOptions.File);
            var file = await ConfigurationText.LoadAsync(path, parsed.GetValue(CommonOptions.AnyTenant), cancellation);
            using var admin = AdminClient.From(parsed);
            var upload = new FileUpload(admin, parsed.GetValue(CommonOptions.Prune), parsed.GetValue(dryRun), parsed.GetValue(Reason), parsed.GetValue(yes)) { Owner = parsed.GetValue(As) ?? FileUpload.OwnerOf(path), IsForced = parsed.GetValue(CommonOptions.Force) };
            var isAllDone = await upload.SendAsync(file, cancellation);
            // What was accepted goes out whether or not the rest was.
            var waited = await Waiting.AfterAsync(upload.Revision, parsed, admin, cancellation);
            return isAllDone ? waited : ExitCode.Refused;
        });
        return verb;
    }
}
