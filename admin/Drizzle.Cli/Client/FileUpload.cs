using System.Text.Json;
using Drizzle.Cli.Output;
using Drizzle.Contracts.Json;
using Drizzle.Contracts.Model;

namespace Drizzle.Cli.Client;

/// <summary>Sends a configuration file to the admin API, tenant by tenant, each whole or not at all.</summary>
/// <param name="isSure">Whether what is to be removed is removed without asking.</param>
internal sealed class FileUpload(AdminClient admin, bool prune, bool isTrial, string? reason, bool isSure)
{
    /// <summary>The file's name, which then owns what it states; null where nothing shall.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether what another file owns is taken from it.</summary>
    public bool IsForced { get; init; }

    /// <summary>The highest revision that holds after it; none before, and for a trial.</summary>
    public long? Revision { get; private set; }

    /// <returns>False where some part was refused; the others are applied all the same.</returns>
    public async Task<bool> SendAsync(ConfigurationFile file, CancellationToken cancellation)
    {
        var isAllDone = true;
        if (file.Platform is { } platform)
        {
            isAllDone = await SendAsync("platform", "/v1/platform", JsonSerializer.Serialize(platform, ModelJson.Default.Platform), cancellation);
        }
        for (var i = 0; i < file.Tenants.Count; i++)
        {
            var tenant = file.Tenants[i];
            isAllDone &= await SendAsync(tenant.Slug, $"/v1/tenants/{tenant.Slug}", JsonSerializer.Serialize(tenant, ModelJson.Default.Tenant), cancellation);
        }
        return isAllDone;
    }

    private async Task<bool> SendAsync(string scope, string path, string json, CancellationToken cancellation)
    {
        try
        {
            long? seen = null;
            if (prune && !isTrial && !isSure)
            {
                var trial = await admin.SendAsync(HttpMethod.Put, path + Query(isTrial: true), json, cancellation);
                if (!MayRemove(scope, trial.GetProperty("changes"))) return false;
                seen = trial.GetProperty("revision").GetInt64();
            }
            // What was agreed to is removed, and nothing that came since.
            var answer = await admin.SendAsync(HttpMethod.Put, path + Query(isTrial), json, cancellation, seen);
            Changes.Print(scope, answer, isTrial);
            if (!isTrial) Revision = Math.Max(Revision ?? 0, answer.GetProperty("revision").GetInt64());
            return true;
        }
        catch (CommandFailure refusal) when (refusal.ExitCode == ExitCode.Refused)
        {
            foreach (var sentence in refusal.Sentences) Terminal.Error($"{scope}: {sentence}");
            return false;
        }
    }

    /// <returns>The owner that a file of this name is; null for the standard input, which is none.</returns>
    public static string? OwnerOf(string path) => path == "-" ? null : Path.GetFileName(path);

    private static bool MayRemove(string scope, JsonElement changes)
    {
        var removals = changes.EnumerateArray().Where(c => Cells.Of(c, "action") == "remove").ToArray();
        if (removals.Length == 0) return true;
        foreach (var removal in removals) Terminal.Note($"{scope}: - {Cells.Of(removal, "kind")} {Cells.Of(removal, "name")}");
        if (Terminal.Ask($"{scope}: delete {(removals.Length == 1 ? "it" : $"these {removals.Length}")}?")) return true;
        Terminal.Note($"{scope}: left as it is.");
        return false;
    }

    private string Query(bool isTrial)
    {
        var why = reason is null ? "" : "&reason=" + Uri.EscapeDataString(reason);
        var owner = Owner is null ? "" : "&file=" + Uri.EscapeDataString(Owner);
        return $"?prune={(prune ? "true" : "false")}&dryRun={(isTrial ? "true" : "false")}&force={(IsForced ? "true" : "false")}{owner}{why}";
    }
}
