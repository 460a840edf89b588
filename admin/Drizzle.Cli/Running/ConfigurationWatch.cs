using System.Threading.Channels;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;
using Drizzle.Contracts.Ports;

namespace Drizzle.Cli.Running;

/// <summary>
/// Applies a configuration file again whenever its text changes. The whole folder is watched, since editors replace a file by a new one
/// and mounted configuration is swapped by a link beside it.
/// </summary>
/// <param name="applied">Its text as it was applied last.</param>
internal sealed class ConfigurationWatch(string path, string applied, FileApplier applier, TimeProvider clock)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    private readonly Channel<bool> _stirs = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private string _seen = applied;

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".");
        watcher.Changed += (_, _) => Stir();
        watcher.Created += (_, _) => Stir();
        watcher.Renamed += (_, _) => Stir();
        watcher.Deleted += (_, _) => Stir();
        // Events were lost, and with them perhaps the one that mattered.
        watcher.Error += (_, _) => Stir();
        watcher.EnableRaisingEvents = true;
        // What changed between reading the file and watching it.
        Stir();
        try
        {
            while (await _stirs.Reader.WaitToReadAsync(cancellation))
            {
                await SettleAsync(cancellation);
                await ReloadAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The end of watching.
        }
    }

    private void Stir() => _stirs.Writer.TryWrite(true);

    /// <summary>Waits until nothing has stirred for a while, so that a file is not read while it is written.</summary>
    private async Task SettleAsync(CancellationToken cancellation)
    {
        while (_stirs.Reader.TryRead(out _)) await Task.Delay(Quiet, clock, cancellation);
    }

    private async Task ReloadAsync(CancellationToken cancellation)
    {
        try
        {
            var text = await ConfigurationText.ReadAsync(path, cancellation);
            if (text == _seen) return;
            _seen = text;
            await applier.ApplyAsync(ConfigurationText.Parse(path, text), cancellation);
        }
        catch (CommandFailure failure)
        {
            foreach (var sentence in failure.Sentences) Terminal.Error(sentence);
            Terminal.Error($"{path} is not applied; the last good configuration stays.");
        }
        catch (EngineException e)
        {
            // Not seen as applied, so that the next stir tries again.
            _seen = "";
            Terminal.Error(e.Message);
        }
    }
}
