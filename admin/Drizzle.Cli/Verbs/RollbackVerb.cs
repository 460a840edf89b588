using System.CommandLine;
using System.Text.Json.Nodes;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;

namespace Drizzle.Cli.Verbs;

internal static class RollbackVerb
{
    public static Command Create()
    {
        var revision = new Argument<long>("REVISION") { Description = "The state of this revision is to hold again." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would change, and change nothing." };
        var verb = new Command("rollback", "Goes back to what a tenant, or without -t the platform's settings, was at a revision, by a new revision. Keys stay as they are.")
        {
            revision, CommonOptions.AnyTenant, dryRun, CommonOptions.Force, ApplyVerb.Reason,
        };
        Waiting.AddTo(verb);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var tenant = parsed.GetValue(CommonOptions.AnyTenant);
            var path = KindTable.ScopePath(tenant);
            var body = new JsonObject { ["revision"] = parsed.GetRequiredValue(revision) };
            var isTrial = parsed.GetValue(dryRun);
            var why = parsed.GetValue(ApplyVerb.Reason) is { } reason ? "&reason=" + Uri.EscapeDataString(reason) : "";
            using var admin = AdminClient.From(parsed);
            var answer = await admin.SendAsync(HttpMethod.Post, $"{path}/rollback?dryRun={(isTrial ? "true" : "false")}&force={(parsed.GetValue(CommonOptions.Force) ? "true" : "false")}{why}", body.ToJsonString(), cancellation);
            Changes.Print(tenant ?? "platform", answer, isTrial);
            return isTrial ? ExitCode.Done : await Waiting.AfterAsync(answer.GetProperty("revision").GetInt64(), parsed, admin, cancellation);
        });
        return verb;
    }
}
