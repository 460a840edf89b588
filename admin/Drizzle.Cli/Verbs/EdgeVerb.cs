using System.CommandLine;
using Drizzle.Cli.Output;
using Drizzle.Cli.Running;
using Drizzle.Edge.Hosting;

namespace Drizzle.Cli.Verbs;

/// <summary>One edge, which keeps nothing on disk.</summary>
internal static class EdgeVerb
{
    public static Command Create()
    {
        var verb = new Command("edge", "Runs one edge over a shared database. It waits for a database that is not there yet.");
        verb.SetAction((_, _) => Roles.RunAsync(signals => RunAsync(signals, TimeProvider.System)));
        return verb;
    }

    private static async Task<int> RunAsync(Signals signals, TimeProvider clock)
    {
        SocketCompletions.PreferInline();
        var options = Listening.EdgeOptionsOfEnvironment();
        await using var engine = await EngineChoice.ConnectAsync(clock, signals.Stop);
        await using var edge = Listening.CreateEdge(options, engine, clock);
        await Listening.StartAsync("edge", edge.StartAsync, signals.Stop);
        Terminal.Line("Drizzle's edge is ready.");
        Roles.ShowEdge(options);
        await signals.First;
        await edge.DrainAsync(CancellationToken.None);
        return ExitCode.Done;
    }
}
