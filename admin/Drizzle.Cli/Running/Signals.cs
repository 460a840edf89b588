using System.Runtime.InteropServices;

namespace Drizzle.Cli.Running;

/// <summary>The first SIGTERM or SIGINT asks to stop; the second ends the process as it always would.</summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    public Signals()
    {
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Receive), PosixSignalRegistration.Create(PosixSignal.SIGINT, Receive)];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Done with the first signal.</summary>
    public Task First => _first.Task;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _stop.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = _first.TrySetResult();
        if (context.Cancel) _stop.Cancel();
    }
}
