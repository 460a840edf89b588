using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql.Documents;

namespace Drizzle.Engine.Sql.Postgres;

/// <summary>
/// Wakes those of this process who follow what any process does. They are woken on each new connection too, because notifications were
/// missed without one, and when a connection breaks, so that they find out and say so.
/// </summary>
internal sealed class NotificationListener : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ending = new();
    private readonly Task _loop;

    public NotificationListener(PostgresDatabase database, string channel, Signal signal, TimeProvider clock) =>
        _loop = Task.Run(() => RunAsync(database, channel, signal, clock, _ending.Token));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _loop;
        _ending.Dispose();
    }

    private static async Task RunAsync(PostgresDatabase database, string channel, Signal signal, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                try
                {
                    await database.ListenAsync(channel, signal.Raise, cancellation);
                }
                catch (EngineException)
                {
                    signal.Raise();
                }
                await Task.Delay(Pause, clock, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The engine is closed.
        }
    }
}
