using System.CommandLine;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;

namespace Drizzle.Cli.Verbs;

/// <summary>Compares what is with a file, or with what was.</summary>
internal static class DiffVerb
{
    private static readonly Argument<long?> From = new("FROM") { Description = "A revision.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<long?> To = new("TO") { Description = "A later one; the newest when absent.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> File = new("--file", "-f") { Description = "A configuration file, or - for stdin.", HelpName = "FILE" };

    public static Command Create()
    {
        var verb = new Command("diff", "Shows what applying a file, or with -t one tenant of it, would change (-f FILE), or what changed between two revisions of a tenant, or without -t of the platform's settings.")
        {
            From, To, File, CommonOptions.Prune, ApplyVerb.As, CommonOptions.Force, CommonOptions.AnyTenant, CommonOptions.Output,
        };
        verb.Validators.Add(result =>
        {
            if (result.GetValue(File) is null == result.GetValue(From) is null) result.AddError("diff wants either -f FILE or a revision.");
        });
        verb.SetAction((parsed, cancellation) => parsed.GetValue(File) is { } file ? WithFileAsync(file, parsed, cancellation) : BetweenAsync(parsed, cancellation));
        return verb;
    }

    private static async Task<int> WithFileAsync(string path, ParseResult parsed, CancellationToken cancellation)
    {
        var file = await ConfigurationText.LoadAsync(path, parsed.GetValue(CommonOptions.AnyTenant), cancellation);
        using var admin = AdminClient.From(parsed);
        var upload = new FileUpload(admin, parsed.GetValue(CommonOptions.Prune), isTrial: true, reason: null, isSure: true) { Owner = parsed.GetValue(ApplyVerb.As) ?? FileUpload.OwnerOf(path), IsForced = parsed.GetValue(CommonOptions.Force) };
        return await upload.SendAsync(file, cancellation) ? ExitCode.Done : ExitCode.Refused;
    }

    private static async Task<int> BetweenAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var tenant = parsed.GetValue(CommonOptions.AnyTenant);
        var path = KindTable.ScopePath(tenant);
        var to = parsed.GetValue(To) is { } stated ? $"&to={stated}" : "";
        using var admin = AdminClient.From(parsed);
        var answer = await admin.GetAsync($"{path}/diff?from={parsed.GetValue(From)}{to}", cancellation);
        Terminal.Show(answer, parsed.GetRequiredValue(CommonOptions.Output), shown =>
        {
            var changes = shown.GetProperty("changes");
            Terminal.Line($"{tenant ?? "platform"}: {(changes.GetArrayLength() == 0 ? "no difference" : "changes")} from revision {Cells.Of(shown, "from")} to {Cells.Of(shown, "to")}");
            Changes.PrintAll(changes);
        });
        return ExitCode.Done;
    }
}
