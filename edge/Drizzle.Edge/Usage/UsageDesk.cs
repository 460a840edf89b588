using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Usage;
using Drizzle.Edge.Telemetry;
using Microsoft.Extensions.Logging;

namespace Drizzle.Edge.Usage;

/// <summary>
/// Counts what tenants use, and ships it to the ledger every second. One batch is under way at a time; what is counted meanwhile is in the next, so a ledger
/// that is away costs no memory. With a folder nothing is lost when the process is killed; without, what was counted since the last batch.
/// </summary>
/// <remarks>Requests add to the current counters; the loop alone makes and ships batches and puts new counters in their place.</remarks>
internal sealed partial class UsageDesk : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IUsageLedger _ledger;
    private readonly string _edge;
    private readonly TimeProvider _clock;
    private readonly EdgeMetrics _metrics;
    private readonly ILogger<UsageDesk> _log;
    private readonly UsageFolder? _folder;
    private readonly CancellationTokenSource _ending = new();
    private readonly List<RecoveredUsage> _recovered = [];

    // Counters that nothing is added to any more, the oldest first; the loop's own.
    private readonly List<UsageCells> _closed = [];
    private volatile UsageCells _current;
    private KeptBatch? _underWay;
    private Task _loop = Task.CompletedTask;

    /// <param name="folder">Where counters are kept; null for memory alone.</param>
    public UsageDesk(IUsageLedger ledger, string edge, string? folder, EdgeMetrics metrics, TimeProvider clock, ILogger<UsageDesk> log)
    {
        (_ledger, _edge, _metrics, _clock, _log) = (ledger, edge, metrics, clock, log);
        _folder = folder is null ? null : Open(folder);
        if (_folder is not null) _recovered.AddRange(_folder.Recover(edge));
        _current = Make();
    }

    /// <summary>A request has ended.</summary>
    public void Count(UsageName name, in UsageCounts counts)
    {
        while (true)
        {
            var cells = _current;
            var verdict = cells.TryAdd(name, counts);
            if (verdict == UsageVerdict.Counted) return;
            if (verdict == UsageVerdict.Closed && !ReferenceEquals(cells, _current)) continue;
            _metrics.UsageLost();
            return;
        }
    }

    public void Start() => _loop = RunAsync();

    /// <summary>Ships the rest, as long as the ledger has patience; what it does not take then stays in the folder, where there is one.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ending.IsCancellationRequested) return;
        await _ending.CancelAsync();
        await _loop;
        using var patience = new CancellationTokenSource(Patience, _clock);
        Close();
        var isShipped = await ShipAllAsync(patience.Token);
        foreach (var cells in _closed)
        {
            if (isShipped) cells.File?.Delete();
            else cells.File?.Dispose();
        }
        _folder?.Dispose();
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        do
        {
            if (IsWorn()) Replace();
            await ShipAllAsync(_ending.Token);
        }
        while (await _clock.PauseAsync(Every, _ending.Token));
    }

    /// <summary>Whether another day has begun, or there are so many counters that the names of most may be old.</summary>
    private bool IsWorn() => _current.Day != Today() || (_current.Count > UsageCells.Most / 2 && _closed.Count == 0);

    private void Replace()
    {
        var next = Make();
        var before = _current;
        _current = next;
        before.Close();
        _closed.Add(before);
    }

    private void Close()
    {
        _current.Close();
        _closed.Add(_current);
    }

    /// <returns>False where the ledger did not answer.</returns>
    private async Task<bool> ShipAllAsync(CancellationToken cancellation)
    {
        while (_recovered.Count > 0)
        {
            foreach (var batch in _recovered[0].Batches)
            {
                if (!await TryShipAsync(batch, cancellation)) return false;
            }
            UsageFile.Delete(_recovered[0].Path);
            _recovered.RemoveAt(0);
        }
        while (_closed.Count > 0 && !ReferenceEquals(_closed[0], _current))
        {
            if (!await ShipAsync(_closed[0], cancellation)) return false;
            _closed[0].File?.Delete();
            _closed.RemoveAt(0);
        }
        return await ShipAsync(_current, cancellation);
    }

    /// <returns>False where the ledger did not answer.</returns>
    private async Task<bool> ShipAsync(UsageCells cells, CancellationToken cancellation)
    {
        while (true)
        {
            _underWay ??= Cut(cells);
            if (_underWay is null) return true;
            if (!await TryShipAsync(new(_underWay.Id, _underWay.Edge, _underWay.Entries), cancellation)) return false;
            cells.File?.Shipped();
            var isFull = _underWay.Entries.Length == UsageBatch.MostEntries;
            _underWay = null;
            // What was counted meanwhile goes with the next second's; in the others nothing is counted any more.
            if (!isFull && ReferenceEquals(cells, _current) && !_ending.IsCancellationRequested) return true;
        }
    }

    private KeptBatch? Cut(UsageCells cells)
    {
        var cuts = cells.Look(UsageBatch.MostEntries);
        if (cuts.Count == 0) return null;
        var batch = new KeptBatch(
            Guid.NewGuid(), _edge, [.. cuts.Select(c => new UsageEntry(new(c.Name.Tenant, c.Name.Consumer, c.Name.Service, c.Name.Route, cells.Day), c.Counts))],
            [.. cuts.Select(c => new TakenSlot(c.Slot, c.Total))]);
        try
        {
            cells.File?.Keep(batch);
        }
        catch (Exception e) when (UsageFile.IsRefusal(e))
        {
            // A full disk: the batch goes out all the same, and only a crash before the ledger has it would lose it.
            LogNotKept(_log, e.Message);
        }
        cells.Taken(cuts);
        return batch;
    }

    private async Task<bool> TryShipAsync(UsageBatch batch, CancellationToken cancellation)
    {
        try
        {
            await _ledger.AddAsync(batch, cancellation);
            return true;
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            return false;
        }
    }

    private UsageCells Make()
    {
        try
        {
            return new(Today(), _folder?.Create(Today()));
        }
        catch (Exception e) when (UsageFile.IsRefusal(e))
        {
            LogNotKept(_log, e.Message);
            return new(Today(), null);
        }
    }

    private UsageFolder? Open(string folder)
    {
        try
        {
            return UsageFolder.Open(folder);
        }
        catch (Exception e) when (UsageFile.IsRefusal(e))
        {
            LogNotKept(_log, e.Message);
            return null;
        }
    }

    private DateOnly Today() => DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Usage is not kept on disk, so that a crash may lose what was counted since the last batch: {Reason}")]
    private static partial void LogNotKept(ILogger logger, string reason);
}
