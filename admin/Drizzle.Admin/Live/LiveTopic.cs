using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;
using Microsoft.Extensions.Logging;

namespace Drizzle.Admin.Live;

/// <summary>A reading of a topic.</summary>
/// <param name="Number">Greater than of those before.</param>
/// <param name="Event">The topic's name, or <see cref="LiveTopic.Away"/>.</param>
/// <param name="Data">JSON in one line.</param>
internal sealed record LiveReading(long Number, string Event, byte[] Data);

/// <summary>
/// One thing that is looked at live, by any number of people: read every two seconds while somebody does, once for all of them. The loop alone publishes;
/// who looks gets the newest reading, and may miss others.
/// </summary>
internal sealed partial class LiveTopic : IAsyncDisposable
{
    /// <summary>The event that says that a topic cannot be read now.</summary>
    public const string Away = "away";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string _name;
    private readonly LiveSource _source;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _ending = new();
    private volatile TaskCompletionSource _next = NewNext();
    private volatile LiveReading? _latest;

    public LiveTopic(string name, LiveSource source, TimeProvider clock, ILogger log)
    {
        (_name, _source, _clock, _log) = (name, source, clock, log);
        _ = Task.Run(RunAsync);
    }

    /// <summary>Null before the first.</summary>
    public LiveReading? Latest => _latest;

    /// <summary>Ends when there is a reading after the one that is the latest now.</summary>
    public Task Next => _next.Task;

    /// <summary>How many look; the desk's own.</summary>
    public int Viewers { get; set; }

    /// <summary>Nobody looks any more.</summary>
    public async ValueTask DisposeAsync() => await _ending.CancelAsync();

    private static TaskCompletionSource NewNext() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync()
    {
        var number = 0L;
        do
        {
            _latest = await ReadAsync(++number);
            var before = _next;
            _next = NewNext();
            before.SetResult();
        }
        while (await _clock.PauseAsync(Every, _ending.Token));
        _ending.Dispose();
    }

    private async Task<LiveReading> ReadAsync(long number)
    {
        using var patience = new CancellationTokenSource(Patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _ending.Token);
        try
        {
            return new(number, _name, await _source.ReadAsync(either.Token));
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            return new(number, Away, _source.SayAway(_name, e is EngineException ? e.Message : "The engine does not answer in time."));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The loop goes on for those who come later.
            LogFailed(_log, _name, e);
            return new(number, Away, _source.SayAway(_name, "It cannot be read by a fault of this program; its log says more."));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The live topic {Topic} cannot be read.")]
    private static partial void LogFailed(ILogger logger, string topic, Exception exception);
}
