using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql;

namespace Drizzle.Cli.Running;

/// <summary>Opens the engine that the configuration names.</summary>
internal static class EngineChoice
{
    public const string Variable = "Drizzle__Engine";

    /// <exception cref="EngineException">It cannot be opened.</exception>
    /// <exception cref="CommandFailure">There is no such engine in this build.</exception>
    public static async Task<IEngine> OpenAsync(string dataFolder, TimeProvider clock, CancellationToken cancellation) => CommonOptions.Variable(Variable) switch
    {
        null or "embedded" => await SqliteEngine.OpenAsync(dataFolder, clock, cancellation),
        "postgres" => throw Missing("The postgres engine is not part of this build yet."),
#if ORLEANS
        "orleans" => throw Missing("The orleans engine is not part of this build yet."),
#else
        "orleans" => throw Missing("This build is without the orleans engine, because the Microsoft.Orleans packages did not restore: "
            + "restore with a package source that has Microsoft.Orleans.Runtime, then build again."),
#endif
        var other => throw new CommandFailure(ExitCode.WrongUsage, $"{Variable} is '{other}'; known are embedded, postgres and orleans."),
    };

    private static CommandFailure Missing(string sentence) => new(ExitCode.Refused, sentence);
}
