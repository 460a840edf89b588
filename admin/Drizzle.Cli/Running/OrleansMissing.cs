using Drizzle.Contracts.Ports;

namespace Drizzle.Cli.Running;

/// <summary>The orleans engine, in a build without it.</summary>
internal static class OrleansChoice
{
    private const string Sentence =
        "This build is without the orleans engine: the Microsoft.Orleans packages did not restore, or Orleans=false was set. With a package source that has them, build with Orleans=true in the environment of ./drizzle.";

    /// <exception cref="CommandFailure">Always.</exception>
    public static Task<IEngine> OpenAsync(string connectionString, TimeProvider clock, CancellationToken cancellation) => throw Missing();

    /// <exception cref="CommandFailure">Always.</exception>
    public static IEngine Connect(string connectionString, TimeProvider clock) => throw Missing();

    /// <exception cref="CommandFailure">Always.</exception>
    public static Task<int> RunSiloAsync(Signals signals, TimeProvider clock) => throw Missing();

    private static CommandFailure Missing() => new(ExitCode.Refused, Sentence);
}
