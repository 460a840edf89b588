using System.Text.Json;
using Drizzle.Cli.Output;
using Drizzle.Contracts.Json;
using Drizzle.Contracts.Model;

namespace Drizzle.Cli.Client;

/// <summary>Sends a configuration file to the admin API, tenant by tenant, each whole or not at all.</summary>
internal sealed class FileUpload(AdminClient admin, bool prune, bool isTrial, string? reason)
{
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
            var answer = await admin.SendAsync(HttpMethod.Put, path + Query(), json, cancellation);
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

    private string Query()
    {
        var why = reason is null ? "" : "&reason=" + Uri.EscapeDataString(reason);
        return $"?prune={(prune ? "true" : "false")}&dryRun={(isTrial ? "true" : "false")}{why}";
    }
}
