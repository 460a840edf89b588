using System.CommandLine;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;
using Drizzle.Cli.Running;
using Drizzle.Cli.Sample;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;

namespace Drizzle.Cli.Verbs;

/// <summary>A first look: a tenant, an upstream, a key, and what to type.</summary>
internal static class SampleVerb
{
    private const string File = "sample.yaml";
    private const string Tenant = "sample";

    private static readonly Option<bool> UpstreamOnly = new("--upstream-only") { Description = "Only start the sample's upstream." };
    private static readonly Option<bool> NoWait = new("--no-wait") { Description = "Only load the tenant and make a key; start no upstream." };
    private static readonly Option<int> Port = MakePort();

    public static Command Create()
    {
        var verb = new Command("sample", "Loads the sample tenant, starts its upstream and shows what to try.") { UpstreamOnly, NoWait, Port };
        verb.SetAction(async (parsed, _) =>
        {
            using var signals = new Signals();
            try
            {
                return await RunAsync(parsed, signals);
            }
            catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
            {
                return ExitCode.Done;
            }
        });
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Signals signals)
    {
        if (parsed.GetValue(NoWait)) return await LoadAsync(parsed, signals.Stop) ? ExitCode.Done : ExitCode.Refused;
        await using var upstream = SampleUpstream.Build(parsed.GetValue(Port), TimeProvider.System);
        await Listening.StartAsync("sample's upstream", upstream.StartAsync, signals.Stop);
        if (!parsed.GetValue(UpstreamOnly) && !await LoadAsync(parsed, signals.Stop)) return ExitCode.Refused;
        Terminal.Line($"The upstream listens at {string.Join(" and ", SampleUpstream.UrlsFrom(parsed.GetValue(Port)))} until Ctrl-C.");
        await signals.First;
        return ExitCode.Done;
    }

    private static async Task<bool> LoadAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var admin = AdminClient.From(parsed);
        var upload = new FileUpload(admin, prune: false, isTrial: false, reason: "drizzle sample", isSure: true);
        if (!await upload.SendAsync(Moved(ConfigurationText.Parse(File, await TextAsync(cancellation)), parsed.GetValue(Port)), cancellation)) return false;
        var key = Cells.Of(await CreateCredentials.PostKeyAsync(admin, Tenant, "mobile", scopes: [], expiresIn: null, cancellation), "key");
        Terminal.Line("");
        Terminal.Line($"A key of consumer mobile, shown once: {key}");
        Terminal.Line("");
        var gateway = Listening.EdgeOptionsOfEnvironment().Http;
        Terminal.Line("Try:");
        Terminal.Line($"  curl {gateway}/sample/public/hello        # anyone may");
        Terminal.Line($"  curl -i {gateway}/sample/orders/42        # 401 without a key");
        Terminal.Line($"  curl -i -H 'X-API-Key: {key}' {gateway}/sample/orders/42");
        Terminal.Line($"  curl -N -H 'X-API-Key: {key}' {gateway}/sample/echo/events");
        Terminal.Line("");
        return true;
    }

    /// <summary>The sample with its upstream at other ports.</summary>
    private static ConfigurationFile Moved(ConfigurationFile file, int port)
    {
        return file with { Tenants = file.Tenants.Select(t => t with { Services = t.Services.Select(MoveService).ToValueList() }).ToValueList() };

        Service MoveService(Service service) => service with { Destinations = service.Destinations.Select(d => d with { Url = MoveUrl(d.Url) }).ToValueList() };

        string MoveUrl(string url)
        {
            var moved = new UriBuilder(url);
            moved.Port += port - SampleUpstream.UsualPort;
            return moved.Uri.AbsoluteUri.TrimEnd('/');
        }
    }

    private static Option<int> MakePort()
    {
        var option = new Option<int>("--port") { Description = "The first of the two neighbouring ports of the upstream.", HelpName = "PORT", DefaultValueFactory = _ => SampleUpstream.UsualPort };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 65_534) result.AddError("A port is 1 to 65534.");
        });
        return option;
    }

    private static async Task<string> TextAsync(CancellationToken cancellation)
    {
        await using var stream = typeof(SampleVerb).Assembly.GetManifestResourceStream(File) ?? throw new InvalidOperationException($"{File} is not embedded.");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellation);
    }
}
