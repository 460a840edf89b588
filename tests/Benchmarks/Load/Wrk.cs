using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Drizzle.Benchmarks.Machine;
using Drizzle.Benchmarks.Targets;

namespace Drizzle.Benchmarks.Load;

/// <summary>wrk on the load's core: as many requests as the target takes.</summary>
internal static partial class Wrk
{
    /// <exception cref="BenchmarkFailure">wrk is not installed.</exception>
    public static void Need() => Tools.Need("wrk", "wrk");

    /// <returns>Requests answered, and how many that is in a second; zero where the machine stood still.</returns>
    /// <exception cref="BenchmarkFailure">Not every answer was 200, or a connection broke.</exception>
    public static async Task<(long Requests, double PerSecond)> RunAsync(Target target, LoadRequest request, int connections, int seconds, CancellationToken cancellation)
    {
        var (file, arguments) = Cores.On(
            Cores.Load, Tools.Need("wrk", "wrk"), "-t1", $"-c{connections}", $"-d{seconds}s", "-H", $"X-API-Key: {request.Key}", $"http://127.0.0.1:{target.Port}{LoadRequest.Path}");
        using var wrk = Process.Start(new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true }) ?? throw new BenchmarkFailure("wrk does not start.");
        string said;
        try
        {
            said = await wrk.StandardOutput.ReadToEndAsync(cancellation);
            await wrk.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            wrk.Kill();
            throw;
        }
        var requests = Requests().Match(said);
        var perSecond = PerSecond().Match(said);
        // A machine that stands still for a whole round leaves nothing to report.
        if (said.Length == 0 || requests.Groups["n"].Value == "0") return (0, 0);
        if (!requests.Success || !perSecond.Success || said.Contains("Non-2xx", StringComparison.Ordinal) || said.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new BenchmarkFailure($"{target.Name}: not a clean run:\n{said}");
        }
        return (long.Parse(requests.Groups["n"].Value), double.Parse(perSecond.Groups["n"].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"(?<n>\d+) requests in", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Requests();

    [GeneratedRegex(@"Requests/sec:\s+(?<n>[\d.]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PerSecond();
}
