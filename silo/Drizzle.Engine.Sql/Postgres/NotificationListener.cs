using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql.Documents;

namespace Drizzle.Engine.Sql.Postgres;

/// <summary>
/// Wakes the feeds of this process after commits of any process. They are woken on each new connection too, because notifications were
/// missed without one, and when a connection breaks, so that they find out and say so.
/// </summary>
internal sealed class CommitListener : IAsyncDisposable
{
    private const string Channel = "drizzle_config";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ending = new();
    private readonly Task _loop;

    public CommitListener(PostgresDatabase database, CommitSignal commits, TimeProvider clock) => _loop = Task.Run(() => RunAsync(database, commits, clock, _ending.Token));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _loop;
        _ending.Dispose();
    }

    private static async Task RunAsync(PostgresDatabase database, CommitSignal commits, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                try
                {
                    await database.ListenAsync(Channel, commits.Raise, cancellation);
                }
                catch (EngineException)
                {
                    commits.Raise();
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
