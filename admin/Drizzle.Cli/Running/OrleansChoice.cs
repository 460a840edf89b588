using System.Globalization;
using System.Net;
using Drizzle.Cli.Output;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Silo;

namespace Drizzle.Cli.Running;

/// <summary>The orleans engine.</summary>
internal static class OrleansChoice
{
    private const string Cluster = "Drizzle__Silo__Cluster";
    private const string Address = "Drizzle__Silo__Address";
    private const string Port = "Drizzle__Silo__Port";
    private const string Gateway = "Drizzle__Silo__Gateway";
    private const string Operations = "Drizzle__Silo__Operations";

    /// <summary>For an admin: brings the database's schema up to date.</summary>
    /// <exception cref="EngineException">It cannot be opened.</exception>
    public static async Task<IEngine> OpenAsync(string connectionString, TimeProvider clock, CancellationToken cancellation) => await OrleansEngine.OpenAsync(ClusterOf(connectionString), clock, cancellation);

    /// <summary>For an edge, which starts whether or not there is a silo.</summary>
    /// <exception cref="EngineException">The settings cannot be used.</exception>
    public static IEngine Connect(string connectionString, TimeProvider clock) => OrleansEngine.Connect(ClusterOf(connectionString), clock);

    /// <summary>One silo, until it is told to stop.</summary>
    /// <exception cref="EngineException">The database is away, or refuses.</exception>
    /// <exception cref="CommandFailure">A setting cannot be used.</exception>
    public static async Task<int> RunSiloAsync(Signals signals, TimeProvider clock)
    {
        var options = new SiloOptions(
            ClusterOf(EngineChoice.ConnectionString()), AddressOf(CommonOptions.Variable(Address) ?? "127.0.0.1"), PortOf(Port, 11111), PortOf(Gateway, 30000),
            CommonOptions.Variable(Operations) ?? "http://127.0.0.1:6191");
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

    private static SiloCluster ClusterOf(string connectionString) => new(connectionString, CommonOptions.Variable(Cluster) ?? "drizzle");

    private static IPAddress AddressOf(string text) =>
        IPAddress.TryParse(text, out var address) ? address : throw new CommandFailure(ExitCode.WrongUsage, $"{Address} is '{text}'; it is an IP address, by which edges, admins and other silos reach this one.");

    private static int PortOf(string variable, int otherwise)
    {
        if (CommonOptions.Variable(variable) is not { } text) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? port
            : throw new CommandFailure(ExitCode.WrongUsage, $"{variable} is '{text}'; it is a port, from 1 to 65535.");
    }
}
