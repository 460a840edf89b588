using System.Diagnostics;

namespace Drizzle.Benchmarks.Machine;

/// <summary>A process of ours: what it says is kept for when it fails, and it is ended by its id.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly Process _process;
    private readonly Queue<string> _said = new();

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <param name="environment">Set in addition to this process's own.</param>
    public static ChildProcess Start((string File, string[] Arguments) command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(command.File, command.Arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, line) => child.Keep(line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Keep(line.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <param name="signal">Such as <see cref="Native.Terminate"/>.</param>
    public void Signal(int signal) => _ = Native.Kill(_process.Id, signal);

    /// <summary>When it has ended.</summary>
    public Task ExitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    /// <summary>The last lines it wrote.</summary>
    public string Said()
    {
        lock (_said) return string.Join('\n', _said);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) Signal(Native.Terminate);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_said)
        {
            if (_said.Count == KeptLines) _said.Dequeue();
            _said.Enqueue(line);
        }
    }
}
