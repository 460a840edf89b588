using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Drizzle.Engine.Sql.Tests;

/// <summary>A write that the writer said was acknowledged.</summary>
internal sealed record Acknowledged(long Revision, string Slug, string Name);

/// <summary>A process of its own that writes tenants to a folder.</summary>
internal sealed class WriterProcess : IDisposable
{
    /// <summary>The command that starts the writer, for scripts that take it as their first two arguments.</summary>
    public static readonly string[] Command =
    [
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")),
        Path.Combine(AppContext.BaseDirectory, "Drizzle.Engine.Sql.Tests.Writer.dll"),
    ];

    private readonly Process _process;
    private readonly Task<string> _errors;

    private WriterProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static WriterProcess Start(string folder) => Start(Command[0], Command[1], folder);

    /// <summary>Starts the writer under a script of bash, whose arguments are the writer's command and <paramref name="arguments"/>.</summary>
    public static WriterProcess StartUnder(string script, params string[] arguments) => Start("bash", ["-c", script, "bash", .. Command, .. arguments]);

    public async Task<Acknowledged?> NextAsync(CancellationToken cancellation)
    {
        if (await _process.StandardOutput.ReadLineAsync(cancellation) is not { } line) return null;
        var parts = line.Split(' ');
        // A kill may cut the last line short; only its end says that all of it is there.
        return parts is [var revision, var slug, var name, "."] ? new(long.Parse(revision), slug, name) : null;
    }

    public async Task<List<Acknowledged>> TakeAsync(int most, CancellationToken cancellation)
    {
        var taken = new List<Acknowledged>();
        while (taken.Count < most && await NextAsync(cancellation) is { } next) taken.Add(next);
        return taken;
    }

    /// <summary>Sends SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits until the process has ended.</summary>
    /// <returns>Its exit code and what it wrote to stderr.</returns>
    public async Task<(int Code, string Errors)> EndAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        return (_process.ExitCode, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static WriterProcess Start(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        // The runtime's double mapping of code is a file, larger than the limit on files that a test sets.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return new WriterProcess(Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start."));
    }
}
