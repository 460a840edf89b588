using System.Diagnostics;
using System.Text;
using Drizzle.Testing;

namespace Drizzle.EndToEnd.Hosting;

/// <summary>A process of ours, and everything that it has said so far.</summary>
internal sealed class StartedProgram : IAsyncDisposable
{
    private static readonly string[] Inherited = ["DRIZZLE_", "Drizzle__", "ASPNETCORE_", "DOTNET_gcServer"];

    private readonly Process _process;
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    private StartedProgram(Process process)
    {
        _process = process;
        Id = process.Id;
        process.OutputDataReceived += (_, line) => Append(_out, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id { get; }

    public string Out => Read(_out);

    public string Error => Read(_error);

    public bool HasExited => _process.HasExited;

    /// <param name="environment">Added to this process's own, without what would configure Drizzle.</param>
    public static async Task<StartedProgram> StartAsync(string file, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null, string? input = null)
    {
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        foreach (var name in start.Environment.Keys.Where(k => Inherited.Any(i => k.StartsWith(i, StringComparison.Ordinal))).ToList()) start.Environment.Remove(name);
        // These processes live for seconds: compiling their loops well at once, measuring them for a better compilation later, or doing that before nothing new
        // was called for five seconds, costs more than it gives.
        start.Environment["DOTNET_TC_QuickJitForLoops"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "0x1388";
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start.");
        var program = new StartedProgram(process);
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return program;
    }

    /// <returns>The exit code, when everything that it said is here.</returns>
    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Eventually.Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The process does not end. It said:\n{Out}\n{Error}");
        }
        return _process.ExitCode;
    }

    /// <summary>Ends it as a power failure would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>Asks it to end.</summary>
    public Task TerminateAsync() => SignalAsync("TERM");

    /// <param name="signal">Such as <c>STOP</c>.</param>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text) text.Append(line).Append('\n');
    }

    private static string Read(StringBuilder text)
    {
        lock (text) return text.ToString();
    }
}
