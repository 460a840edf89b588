using System.Runtime.InteropServices;

namespace Drizzle.Benchmarks;

/// <summary>What all benchmarks of one call share: options, clock, and the end by Ctrl-C, which lets them end their processes first.</summary>
internal sealed class Session : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Session(BenchmarkOptions options, TimeProvider clock)
    {
        Options = options;
        Clock = clock;
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Receive), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Receive)];
    }

    public BenchmarkOptions Options { get; }

    public TimeProvider Clock { get; }

    public CancellationToken Stop => _stop.Token;

    /// <summary>Progress, for people.</summary>
    public static void Say(string text) => Console.Error.WriteLine(text);

    public Task PauseAsync(TimeSpan time) => Task.Delay(time, Clock, Stop);

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _stop.Dispose();
    }

    // The second signal ends the program as it always would.
    private void Receive(PosixSignalContext context)
    {
        context.Cancel = !_stop.IsCancellationRequested;
        if (context.Cancel) _stop.Cancel();
    }
}
