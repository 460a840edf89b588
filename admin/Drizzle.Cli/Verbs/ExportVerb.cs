using System.CommandLine;
using System.Text.Json;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;
using Drizzle.Contracts.Json;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;
using Drizzle.Contracts.Writing;

namespace Drizzle.Cli.Verbs;

internal static class ExportVerb
{
    public static Command Create()
    {
        var verb = new Command("export", "Writes what there is as a configuration file; with -t, of one tenant.") { CommonOptions.AnyTenant };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var admin = AdminClient.From(parsed);
            var file = parsed.GetValue(CommonOptions.AnyTenant) is { } slug
                ? new ConfigurationFile { Tenants = [await ReadAsync(admin, slug, cancellation)] }
                : await ReadAllAsync(admin, cancellation);
            Terminal.Document(YamlWriter.Write(file, ModelJson.Default.ConfigurationFile));
            return ExitCode.Done;
        });
        return verb;
    }

    private static async Task<ConfigurationFile> ReadAllAsync(AdminClient admin, CancellationToken cancellation)
    {
        var platform = (await admin.GetAsync("/v1/platform", cancellation)).Deserialize(ModelJson.Default.Platform);
        var tenants = new List<Tenant>();
        foreach (var summary in (await admin.GetAsync("/v1/tenants", cancellation)).EnumerateArray())
        {
            tenants.Add(await ReadAsync(admin, Cells.Of(summary, "slug"), cancellation));
        }
        return new() { Platform = platform == new Platform() ? null : platform, Tenants = tenants.ToValueList() };
    }

    private static async Task<Tenant> ReadAsync(AdminClient admin, string slug, CancellationToken cancellation)
    {
        var answer = await admin.GetAsync($"/v1/tenants/{Uri.EscapeDataString(slug)}", cancellation);
        return answer.Deserialize(ModelJson.Default.Tenant) ?? throw new CommandFailure(ExitCode.Refused, $"The admin API answered nothing for tenant '{slug}'.");
    }
}
