using Drizzle.Admin.Access;
using Drizzle.Cli.Output;
using Drizzle.Contracts.Ports;
using Drizzle.Edge;

namespace Drizzle.Cli.Running;

/// <summary>What the verbs that run until they are told to stop have in common.</summary>
internal static class Roles
{
    /// <summary>A signal that comes before the role is up ends it well.</summary>
    public static async Task<int> RunAsync(Func<Signals, Task<int>> role)
    {
        using var signals = new Signals();
        try
        {
            return await role(signals);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
    }

    /// <summary>Makes the first token of a new engine and shows it once.</summary>
    /// <exception cref="CommandFailure">Its file cannot be written.</exception>
    public static async Task ShowRootTokenAsync(IAccessTokens tokens, string data, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            if (await RootToken.EnsureAsync(tokens, data, clock, cancellation) is not { } token) return;
            Terminal.Line($"Root token, shown once and kept in {Path.Combine(data, RootToken.FileName)}:");
            Terminal.Line($"  {token}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Refused, $"The root token cannot be written to {data}: {e.Message}");
        }
    }

    public static void ShowEdge(EdgeOptions edge)
    {
        Terminal.Line($"  gateway     {string.Join("  ", new[] { edge.Http, edge.Https }.OfType<string>())}");
        if (edge is { Https: not null, SelfSigned: true, CertificateFile: null }) Terminal.Line("              with a self-signed certificate, for development: made for this run, trusted by no client");
        Terminal.Line($"  operations  {edge.Operations}");
    }

    public static void ShowAdmin(IEnumerable<string> urls) => Terminal.Line($"  admin       {string.Join("  ", urls)}");
}
