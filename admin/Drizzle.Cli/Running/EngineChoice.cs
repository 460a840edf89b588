using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql;

namespace Drizzle.Cli.Running;

/// <summary>Opens the engine that the configuration names.</summary>
internal static class EngineChoice
{
    public const string Variable = "Drizzle__Engine";

    /// <summary>The variable that holds the connection string.</summary>
    public const string Postgres = "Drizzle__Postgres";

    /// <summary>For a process that administers: brings the engine's schema up to date.</summary>
    /// <exception cref="EngineException">It cannot be opened.</exception>
    /// <exception cref="CommandFailure">There is no such engine in this build.</exception>
    public static async Task<IEngine> OpenAsync(string dataFolder, TimeProvider clock, CancellationToken cancellation) => CommonOptions.Variable(Variable) switch
    {
        null or "embedded" => await SqliteEngine.OpenAsync(dataFolder, clock, cancellation),
        "postgres" => await PostgresEngine.OpenAsync(ConnectionString(), clock, cancellation),
        "orleans" => await OrleansChoice.OpenAsync(ConnectionString(), clock, cancellation),
        var other => throw new CommandFailure(ExitCode.WrongUsage, $"{Variable} is '{other}'; known are embedded, postgres and orleans."),
    };

    /// <summary>For a process that shares its engine with others.</summary>
    /// <exception cref="CommandFailure">The engine lives in one process.</exception>
    public static void NeedShared(string role)
    {
        if (CommonOptions.Variable(Variable) is null or "embedded")
        {
            throw new CommandFailure(ExitCode.WrongUsage, $"'drizzle {role}' shares its state with other processes: set {Variable}=postgres (or orleans) and {Postgres}. With the embedded engine all is one process, 'drizzle up'.");
        }
    }

    /// <summary>For an edge, which starts whether or not the engine is there.</summary>
    /// <exception cref="EngineException">The settings cannot be used.</exception>
    public static async Task<IEngine> ConnectAsync(TimeProvider clock, CancellationToken cancellation)
    {
        NeedShared("edge");
        return CommonOptions.Variable(Variable) switch
        {
            "postgres" => PostgresEngine.Connect(ConnectionString(), clock),
            "orleans" => OrleansChoice.Connect(ConnectionString(), clock),
            _ => await OpenAsync("", clock, cancellation),
        };
    }

    /// <exception cref="CommandFailure">It is not set.</exception>
    public static string ConnectionString() => CommonOptions.Variable(Postgres)
        ?? throw new CommandFailure(ExitCode.WrongUsage, $"The engines postgres and orleans want {Postgres}, such as Host=db;Username=drizzle;Password=…;Database=drizzle.");
}
