using Drizzle.Admin;
using System.Net.Sockets;
using System.Security.Cryptography;
using Drizzle.Contracts.Ports;
using Drizzle.Edge;

namespace Drizzle.Cli.Running;

/// <summary>Starts what listens; a port that is taken is the user's to know, not a fault.</summary>
internal static class Listening
{
    /// <exception cref="CommandFailure">A variable cannot be read.</exception>
    public static EdgeOptions EdgeOptionsOfEnvironment() => OfEnvironment(EdgeOptions.From);

    /// <exception cref="CommandFailure">A setting cannot be read.</exception>
    public static AdminOptions AdminOptionsOfEnvironment() => OfEnvironment(AdminOptions.From);

    /// <exception cref="CommandFailure">A setting cannot be read.</exception>
    public static T OfEnvironment<T>(Func<Func<string, string?>, T> read)
    {
        try
        {
            return read(Environment.GetEnvironmentVariable);
        }
        catch (FormatException e)
        {
            throw new CommandFailure(ExitCode.WrongUsage, e.Message);
        }
    }

    /// <exception cref="CommandFailure">A setting cannot be used, or a file that it names cannot be opened.</exception>
    public static EdgeHost CreateEdge(EdgeOptions options, IEngine engine, TimeProvider clock)
    {
        try
        {
            return EdgeHost.Create(options, engine, clock);
        }
        catch (FormatException e)
        {
            throw new CommandFailure(ExitCode.WrongUsage, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandFailure(ExitCode.Refused, $"The edge cannot start: {e.Message}");
        }
    }

    /// <exception cref="CommandFailure">It cannot listen there.</exception>
    public static async Task StartAsync(string what, Func<CancellationToken, Task> start, CancellationToken cancellation)
    {
        try
        {
            await start(cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or CryptographicException or FormatException or InvalidOperationException)
        {
            throw new CommandFailure(ExitCode.Refused, $"The {what} cannot start: {e.Message}");
        }
    }
}
