using Drizzle.Cli.Output;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Silo;

namespace Drizzle.Cli.Running;

/// <summary>The orleans engine.</summary>
internal static class OrleansChoice
{
    private const int ThreadsReady = 16;

    /// <summary>For an admin: brings the database's schema up to date.</summary>
    /// <exception cref="EngineException">It cannot be opened.</exception>
    /// <exception cref="CommandFailure">A setting cannot be used.</exception>
    public static async Task<IEngine> OpenAsync(string connectionString, TimeProvider clock, CancellationToken cancellation) => await OrleansEngine.OpenAsync(ClusterOf(connectionString), clock, cancellation);

    /// <summary>For an edge, which starts whether or not there is a silo.</summary>
    /// <exception cref="EngineException">The connection string cannot be used.</exception>
    /// <exception cref="CommandFailure">A setting cannot be used.</exception>
    public static IEngine Connect(string connectionString, TimeProvider clock) => OrleansEngine.Connect(ClusterOf(connectionString), clock);

    /// <summary>One silo, until it is told to stop.</summary>
    /// <exception cref="EngineException">The database is away, or refuses.</exception>
    /// <exception cref="CommandFailure">A setting cannot be used.</exception>
    public static async Task<int> RunSiloAsync(Signals signals, TimeProvider clock)
    {
        HaveThreadsReady();
        var options = Listening.OfEnvironment(environment => SiloOptions.From(SiloCluster.From(EngineChoice.ConnectionString(), environment), environment));
        await using var silo = await SiloHost.OpenAsync(options, clock, signals.Stop);
        await Listening.StartAsync("silo", silo.StartAsync, signals.Stop);
        Terminal.Line("Drizzle's silo is ready.");
        Terminal.Line($"  silos       {options.Address}:{options.Port}");
        Terminal.Line($"  gateway     {options.Address}:{options.Gateway}");
        Terminal.Line($"  operations  {options.Operations}");
        await signals.First;
        await silo.StopAsync(CancellationToken.None);
        return ExitCode.Done;
    }

    /// <summary>A silo that joins is asked by all others while it compiles what it runs for the first time; a pool with a thread for each core makes one more only every half a second.</summary>
    private static void HaveThreadsReady()
    {
        ThreadPool.GetMinThreads(out var workers, out var forSockets);
        ThreadPool.SetMinThreads(Math.Max(workers, ThreadsReady), forSockets);
    }

    private static SiloCluster ClusterOf(string connectionString) => Listening.OfEnvironment(environment => SiloCluster.From(connectionString, environment));
}
