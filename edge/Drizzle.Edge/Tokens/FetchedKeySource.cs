using Microsoft.Extensions.Logging;

namespace Drizzle.Edge.Tokens;

/// <summary>
/// Keys that are fetched, anew every ten minutes in which they are used, and sooner for a key that is not known. The last good ones stay while their place
/// cannot be reached. Whoever notices that it is time starts the fetch, and there is never more than one.
/// </summary>
internal sealed partial class FetchedKeySource(KeyFetch fetch, string name, TimeProvider clock, ILogger<FetchedKeySource> log) : KeySource
{
    public static readonly TimeSpan RefreshEvery = TimeSpan.FromMinutes(10);

    /// <summary>Between two fetches: tokens with made-up keys cannot have an issuer flooded.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    // What was unused for longer is not taken for current any more.
    private static readonly TimeSpan Stale = 2 * RefreshEvery;
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private const int MostWaiting = 256;

    private readonly Lock _starting = new();
    private volatile KeySet? _known;
    private volatile Task _fetching = Task.CompletedTask;
    private volatile string? _failing;

    // Whether a fetch is under way of keys that nobody had asked for in a long time.
    private volatile bool _isWaking;
    private long _triedAt = clock.GetTimestamp() - (long)(Pause.TotalSeconds * clock.TimestampFrequency);
    private long _fetchedAt;
    private int _waiting;

    /// <summary>Whether the last fetch succeeded; null before the first.</summary>
    public bool? IsUp => _failing is not null ? false : _known is null ? null : true;

    public override KeySet? Current
    {
        get
        {
            if (_known is not { } known) return null;
            var age = clock.GetElapsedTime(Volatile.Read(ref _fetchedAt));
            if (age < RefreshEvery) return known;
            if (_isWaking || SinceTried >= Stale) return null;
            Start();
            return known;
        }
    }

    private TimeSpan SinceTried => clock.GetElapsedTime(Volatile.Read(ref _triedAt));

    public override async ValueTask<KeySet?> RefreshAsync(CancellationToken cancellation)
    {
        Start();
        var fetching = _fetching;
        if (!fetching.IsCompleted)
        {
            if (Interlocked.Increment(ref _waiting) <= MostWaiting) await fetching.WaitAsync(Patience, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Decrement(ref _waiting);
        }
        return _known;
    }

    /// <summary>Unless one is under way, or was a moment ago.</summary>
    private void Start()
    {
        lock (_starting)
        {
            var sinceTried = SinceTried;
            if (!_fetching.IsCompleted || sinceTried < Pause) return;
            _isWaking = sinceTried >= Stale;
            Volatile.Write(ref _triedAt, clock.GetTimestamp());
            _fetching = Task.Run(FetchAsync);
        }
    }

    private async Task FetchAsync()
    {
        using var patience = new CancellationTokenSource(FetchTimeout, clock);
        try
        {
            var keys = await fetch.FetchAsync(patience.Token);
            // Equal keys are the same set, so that what was verified by them stays so.
            if (_known?.Source != keys.Source) _known = keys;
            Volatile.Write(ref _fetchedAt, clock.GetTimestamp());
            _failing = null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var reason = patience.IsCancellationRequested ? "no answer in five seconds" : e.Message;
            // Once for each reason: it is tried again for hours.
            if (_failing != reason) LogFailed(log, name, _known is null ? "no token of it is accepted" : "the last good ones stay", reason);
            _failing = reason;
        }
        finally
        {
            _isWaking = false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys of issuer {Issuer} cannot be fetched, {Consequence}: {Reason}")]
    private static partial void LogFailed(ILogger logger, string issuer, string consequence, string reason);
}
