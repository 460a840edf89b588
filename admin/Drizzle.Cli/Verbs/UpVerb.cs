using System.CommandLine;
using Drizzle.Admin;
using Drizzle.Admin.Writing;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;
using Drizzle.Cli.Running;
using Drizzle.Edge.Hosting;

namespace Drizzle.Cli.Verbs;

/// <summary>Edge, admin API and engine in one process.</summary>
internal static class UpVerb
{
    private const string DevelopmentHttps = "https://127.0.0.1:6443";

    private static readonly Option<string?> Config = new("--config", "-f") { Description = "A configuration file to apply first.", HelpName = "FILE" };
    private static readonly Option<bool> Watch = new("--watch") { Description = "Apply the file again whenever it changes." };

    private static readonly Option<bool> Https = new("--https") { Description = $"Serves TLS too, at {DevelopmentHttps}, with a certificate that is made for this run and that nobody trusts; Drizzle__Edge__Https and Drizzle__Edge__CertificateFile say otherwise." };

    public static Command Create()
    {
        var verb = new Command("up", "Runs the gateway and its admin API in this process.") { Config, Watch, Https, CommonOptions.Prune, ApplyVerb.As, CommonOptions.Force };
        verb.SetAction((parsed, _) => Roles.RunAsync(signals => RunAsync(parsed, signals, TimeProvider.System)));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Signals signals, TimeProvider clock)
    {
        SocketCompletions.PreferInline();
        var path = parsed.GetValue(Config);
        if (path is null && parsed.GetValue(Watch)) throw new CommandFailure(ExitCode.WrongUsage, "--watch wants a --config FILE to watch.");
        var text = path is null ? "" : await ConfigurationText.ReadAsync(path, signals.Stop);
        var file = path is null ? new() : ConfigurationText.Parse(path, text);
        var data = parsed.GetRequiredValue(CommonOptions.Data);
        var edgeOptions = Listening.EdgeOptionsOfEnvironment();
        if (parsed.GetValue(Https)) edgeOptions = edgeOptions with { Https = edgeOptions.Https ?? DevelopmentHttps, SelfSigned = true };
        var adminOptions = Listening.AdminOptionsOfEnvironment();

        await using var engine = await EngineChoice.OpenAsync(data, clock, signals.Stop);
        await Roles.ShowRootTokenAsync(engine.Tokens, data, clock, signals.Stop);
        var applier = new FileApplier(new TenantWriter(engine.Store, adminOptions.AllowsLoopback(engine), adminOptions.MasterKeys), path ?? "", parsed.GetValue(ApplyVerb.As) ?? FileUpload.OwnerOf(path ?? "-"), parsed.GetValue(CommonOptions.Prune), parsed.GetValue(CommonOptions.Force));
        if (!await applier.ApplyAsync(file, signals.Stop)) return ExitCode.Refused;

        await using var edge = Listening.CreateEdge(edgeOptions with { AllowsLoopback = adminOptions.AllowsLoopback(engine), UsageFolder = data }, engine, clock);
        await using var admin = AdminHost.Build(adminOptions, engine, edge.Explainer, clock);
        await Listening.StartAsync("admin API", admin.StartAsync, signals.Stop);
        await Listening.StartAsync("edge", edge.StartAsync, signals.Stop);
        Terminal.Line("Drizzle is ready.");
        Roles.ShowEdge(edgeOptions);
        Roles.ShowAdmin(admin.Urls);

        var watching = path is not null && parsed.GetValue(Watch) ? new ConfigurationWatch(path, text, applier, clock).RunAsync(signals.Stop) : signals.First;
        await watching;
        await signals.First;
        await edge.DrainAsync(CancellationToken.None);
        await admin.StopAsync(CancellationToken.None);
        return ExitCode.Done;
    }
}
