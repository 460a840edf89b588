using System.CommandLine;
using System.Runtime.CompilerServices;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;
using Drizzle.Cli.Running;

namespace Drizzle.Cli.Verbs;

/// <summary>Looks whether this machine can run Drizzle, and whether what runs can be reached.</summary>
internal static class DoctorVerb
{
    private sealed record Finding(bool IsFine, string What, string Found);

    public static Command Create()
    {
        var verb = new Command("doctor", "Checks the data folder, the ports, the admin API and the token.");
        verb.SetAction(async (parsed, cancellation) =>
        {
            var isAllFine = true;
            await foreach (var finding in CheckAsync(parsed, cancellation))
            {
                Terminal.Line($"{(finding.IsFine ? "ok  " : "FAIL")}  {finding.What}: {finding.Found}");
                isAllFine &= finding.IsFine;
            }
            return isAllFine ? ExitCode.Done : ExitCode.Refused;
        });
        return verb;
    }

    private static async IAsyncEnumerable<Finding> CheckAsync(ParseResult parsed, [EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return CheckFolder(parsed.GetRequiredValue(CommonOptions.Data));
        var edge = Listening.EdgeOptionsOfEnvironment();
        yield return await CheckPortAsync("gateway", edge.Http, edge.Operations, cancellation);
        yield return await CheckPortAsync("edge operations", edge.Operations, edge.Operations, cancellation);
        var listen = Listening.AdminOptionsOfEnvironment().Url;
        yield return await CheckPortAsync("admin API", listen, listen, cancellation);
        var admin = parsed.GetRequiredValue(CommonOptions.Admin);
        if (await Probe.AnswersAsync(admin, "/readyz", cancellation))
        {
            yield return new(true, "admin", $"{admin} is ready");
            yield return await CheckTokenAsync(parsed, cancellation);
        }
        else
        {
            yield return new(false, "admin", $"{admin} does not answer; `drizzle up` starts it");
        }
    }

    private static Finding CheckFolder(string folder)
    {
        var probe = Path.Combine(folder, $".doctor-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return new(true, "data folder", $"{folder} can be written");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(false, "data folder", e.Message);
        }
    }

    /// <param name="alive">Where ours would say that it is alive.</param>
    private static async Task<Finding> CheckPortAsync(string what, string address, string alive, CancellationToken cancellation)
    {
        if (Probe.BindError(address) is not { } error) return new(true, what, $"{address} is free");
        return await Probe.AnswersAsync(alive, "/healthz", cancellation)
            ? new(true, what, $"{address} is Drizzle's")
            : new(false, what, $"{address} cannot be listened on ({error}), and what is there is not Drizzle");
    }

    private static async Task<Finding> CheckTokenAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var admin = AdminClient.From(parsed);
        try
        {
            await admin.GetAsync("/v1/revisions?limit=1", cancellation);
            return new(true, "token", "accepted");
        }
        catch (CommandFailure failure)
        {
            return new(false, "token", failure.Message);
        }
    }
}
