using System.CommandLine;
using Drizzle.Admin;
using Drizzle.Cli.Output;
using Drizzle.Cli.Running;
using Drizzle.Edge.Explaining;

namespace Drizzle.Cli.Verbs;

/// <summary>The admin API alone, over an engine that it shares with edges.</summary>
internal static class AdminVerb
{
    public static Command Create()
    {
        var verb = new Command("admin", "Runs the admin API over a shared database, and keeps the database's schema.");
        verb.SetAction((parsed, _) => Roles.RunAsync(signals => RunAsync(parsed, signals, TimeProvider.System)));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Signals signals, TimeProvider clock)
    {
        EngineChoice.NeedShared("admin");
        var data = parsed.GetRequiredValue(CommonOptions.Data);
        await using var engine = await EngineChoice.OpenAsync(data, clock, signals.Stop);
        await Roles.ShowRootTokenAsync(engine.Tokens, data, clock, signals.Stop);
        await using var admin = AdminHost.Build(Listening.AdminOptionsOfEnvironment(), engine, Explainer.Over(engine, clock), clock);
        await Listening.StartAsync("admin API", admin.StartAsync, signals.Stop);
        Terminal.Line("Drizzle's admin API is ready.");
        Roles.ShowAdmin(admin.Urls);
        await signals.First;
        await admin.StopAsync(CancellationToken.None);
        return ExitCode.Done;
    }
}
