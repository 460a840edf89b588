using System.Collections.Concurrent;
using Drizzle.Contracts.Usage;

namespace Drizzle.Edge.Usage;

/// <summary>What usage of one day is told apart by.</summary>
internal readonly record struct UsageName(string Tenant, string Consumer, string Service, string Route);

internal enum UsageVerdict
{
    Counted,

    /// <summary>There are newer counters.</summary>
    Closed,

    /// <summary>There is no room for another counter; newer ones are made within a second.</summary>
    Full,
}

/// <summary>
/// Counters of one day. Each has a lock of its own, held for a few additions. They are closed before they are put away, and who comes too late counts in the next
/// ones.
/// </summary>
/// <param name="file">Keeps them across a crash; null where nothing does.</param>
internal sealed class UsageCells(DateOnly day, UsageFile? file)
{
    public const int Most = UsageFile.Slots;

    private readonly ConcurrentDictionary<UsageName, Cell> _cells = new();
    private readonly Lock _adding = new();
    private volatile bool _isClosed;
    private int _count;

    public DateOnly Day { get; } = day;

    public UsageFile? File { get; } = file;

    public int Count => Volatile.Read(ref _count);

    public UsageVerdict TryAdd(UsageName name, in UsageCounts counts)
    {
        if (!_cells.TryGetValue(name, out var cell) && (cell = Make(name)) is null) return _isClosed ? UsageVerdict.Closed : UsageVerdict.Full;
        return cell.TryAdd(counts, File) ? UsageVerdict.Counted : UsageVerdict.Closed;
    }

    /// <summary>After this nothing is added.</summary>
    public void Close()
    {
        lock (_adding) _isClosed = true;
        foreach (var cell in _cells.Values) cell.Close();
    }

    /// <summary>What was counted and not taken before; the cells note it as taken by <see cref="Taken"/>.</summary>
    public List<UsageCut> Look(int most)
    {
        var cuts = new List<UsageCut>();
        foreach (var (name, cell) in _cells)
        {
            if (cuts.Count == most) break;
            if (cell.Look() is { } cut) cuts.Add(new(name, cell.Slot, cut.Total, cut.Total - cut.Taken));
        }
        return cuts;
    }

    public void Taken(IReadOnlyList<UsageCut> cuts)
    {
        foreach (var cut in cuts) _cells[cut.Name].SetTaken(cut.Total, File);
    }

    private Cell? Make(UsageName name)
    {
        lock (_adding)
        {
            if (_isClosed) return null;
            if (_cells.TryGetValue(name, out var known)) return known;
            if (_count == Most) return null;
            var slot = _count;
            File?.Name(slot, name);
            _count = slot + 1;
            return _cells[name] = new Cell(slot);
        }
    }

    private sealed class Cell(int slot)
    {
        private readonly Lock _counting = new();
        private UsageCounts _total;
        private UsageCounts _taken;
        private bool _isClosed;

        public int Slot => slot;

        public bool TryAdd(in UsageCounts counts, UsageFile? file)
        {
            lock (_counting)
            {
                if (_isClosed) return false;
                _total += counts;
                file?.SetTotal(slot, _total);
                return true;
            }
        }

        public (UsageCounts Total, UsageCounts Taken)? Look()
        {
            lock (_counting) return _total == _taken ? null : (_total, _taken);
        }

        public void SetTaken(in UsageCounts total, UsageFile? file)
        {
            lock (_counting)
            {
                _taken = total;
                file?.SetTaken(slot, total);
            }
        }

        public void Close()
        {
            lock (_counting) _isClosed = true;
        }
    }
}

/// <param name="Total">Of the counter when it was looked at.</param>
/// <param name="Counts">What was counted since it was taken last.</param>
internal sealed record UsageCut(UsageName Name, int Slot, UsageCounts Total, UsageCounts Counts);
