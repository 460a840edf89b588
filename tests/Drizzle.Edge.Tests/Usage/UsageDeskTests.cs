using System.Collections.Concurrent;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Usage;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Telemetry;
using Drizzle.Edge.Usage;
using Drizzle.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Drizzle.Edge.Tests.Usage;

[TestClass]
public sealed class UsageDeskTests : IDisposable
{
    private static readonly UsageName Name = new("acme", "mobile", "orders", "all");

    private readonly FakeClock _clock = new();
    private readonly Ledger _ledger = new();
    private readonly EdgeMetrics _metrics = new("edge-1", new GatewayState(), null, null);

    public void Dispose() => _metrics.Dispose();

    [TestMethod]
    public async Task What_is_counted_is_shipped_every_second_and_at_the_end()
    {
        var desk = Desk(null);
        desk.Start();
        Count(desk, 3);
        await Eventually.TrueAsync(Advanced(() => _ledger.Requests == 3), "it is shipped");
        Count(desk, 4);
        await desk.DisposeAsync();
        Assert.AreEqual(7, _ledger.Requests);
        Assert.AreEqual(new UsageCounts(7, 14, 21, 28, 35, 42), _ledger.Sum);
    }

    [TestMethod]
    public async Task A_ledger_that_is_away_or_answers_too_late_gets_each_batch_once()
    {
        var desk = Desk(null);
        desk.Start();
        _ledger.Fate = () => throw new EngineException("away");
        for (var i = 0; i < 10; i++)
        {
            Count(desk, 1);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.AreEqual(0, _ledger.Requests);
        // It has added the batch, and the answer is lost.
        _ledger.After = () => throw new EngineException("no answer");
        _ledger.Fate = () => { };
        await Eventually.TrueAsync(Advanced(() => _ledger.Requests >= 1), "a batch arrives");
        _ledger.After = () => { };
        await Eventually.TrueAsync(Advanced(() => _ledger.Requests == 10), "all of it arrives");
        await desk.DisposeAsync();
        Assert.AreEqual(10, _ledger.Requests);
    }

    [TestMethod]
    public async Task A_killed_process_has_lost_nothing_whatever_it_was_doing()
    {
        using var folder = new TestFolder();
        var random = new Random(4);
        var counted = 0L;
        for (var life = 0; life < 30; life++)
        {
            // A copy of the folder as it is at some instant is what a killed process leaves.
            var (path, next) = (folder.File($"{life}"), folder.File($"{life + 1}"));
            var desk = Desk(path);
            var killed = false;
            var step = random.Next(3);
            _ledger.Fate = () =>
            {
                if (step == 0) Kill();
            };
            _ledger.After = () =>
            {
                if (step == 1) Kill();
            };
            desk.Start();
            for (var i = 0; i < random.Next(1, 5); i++)
            {
                if (killed) break;
                Count(desk, 1, $"consumer-{random.Next(3)}");
                counted++;
                _clock.Advance(TimeSpan.FromSeconds(random.Next(2)));
            }
            if (!killed) Kill(isOutside: true);
            _ledger.Fate = _ledger.After = () => throw new EngineException("the process is dead");
            await desk.DisposeAsync();

            void Kill(bool isOutside = false)
            {
                if (!killed) CopyTo(path, next);
                killed = true;
                if (!isOutside) throw new EngineException("killed");
            }
        }
        _ledger.Fate = _ledger.After = () => { };
        var last = Desk(folder.File("30"));
        last.Start();
        await last.DisposeAsync();
        Assert.AreEqual(counted, _ledger.Requests);
        Assert.IsEmpty(Directory.GetFiles(folder.File("30/usage")).Where(f => !f.EndsWith("lock", StringComparison.Ordinal)), "Nothing is left to ship.");
    }

    [TestMethod]
    public async Task Threads_that_count_over_midnights_are_all_counted_on_some_day()
    {
        using var folder = new TestFolder();
        var desk = Desk(folder.Path);
        desk.Start();
        var counted = new long[4];
        var threads = Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            while (_ledger.Days < 5)
            {
                Count(desk, 1, $"consumer-{(t + counted[t]++) % 7}");
                // Or the desk hardly comes by at the counters, each of which has a lock.
                Thread.Yield();
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        while (threads.Any(t => t.IsAlive)) _clock.Advance(TimeSpan.FromHours(9));
        await desk.DisposeAsync();
        Assert.AreEqual(counted.Sum(), _ledger.Requests);
    }

    [TestMethod]
    public async Task New_counters_are_made_when_there_are_many()
    {
        var desk = Desk(null);
        for (var i = 0; i < UsageCells.Most + 100; i++) Count(desk, 1, $"{i}");
        desk.Start();
        await Eventually.TrueAsync(Advanced(() => _ledger.Requests == UsageCells.Most), "the others are shipped");
        Count(desk, 1, "new");
        await desk.DisposeAsync();
        Assert.AreEqual(UsageCells.Most + 1, _ledger.Requests);
    }

    [TestMethod]
    public async Task A_folder_that_another_process_has_or_that_cannot_be_written_leaves_memory()
    {
        using var folder = new TestFolder();
        await using var first = Desk(folder.Path);
        var second = Desk(folder.Path);
        Count(second, 2);
        await second.DisposeAsync();
        await using var third = Desk("/proc/no-such-folder");
        Assert.AreEqual(2, _ledger.Requests);
    }

    private UsageDesk Desk(string? folder) => new(_ledger, "edge-1", folder, _metrics, _clock, NullLogger<UsageDesk>.Instance);

    private Func<Task<bool>> Advanced(Func<bool> holds) => () =>
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return Task.FromResult(holds());
    };

    private static void Count(UsageDesk desk, int requests, string consumer = "mobile")
    {
        for (var i = 0; i < requests; i++) desk.Count(Name with { Consumer = consumer }, new UsageCounts(1, 2, 3, 4, 5, 6));
    }

    private static void CopyTo(string from, string to)
    {
        Directory.CreateDirectory(Path.Combine(to, "usage"));
        foreach (var file in Directory.GetFiles(Path.Combine(from, "usage")).Where(f => !f.EndsWith("lock", StringComparison.Ordinal)))
        {
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var target = File.Create(Path.Combine(to, "usage", Path.GetFileName(file)));
            source.CopyTo(target);
        }
    }

    /// <summary>Sums as ledgers do, and fails where it is told to.</summary>
    private sealed class Ledger : IUsageLedger
    {
        private readonly ConcurrentDictionary<Guid, bool> _known = new();
        private readonly HashSet<DateOnly> _days = [];
        private readonly Lock _adding = new();
        private volatile int _dayCount;

        public Action Fate { get; set; } = () => { };

        public Action After { get; set; } = () => { };

        public UsageCounts Sum { get; private set; }

        public long Requests
        {
            get
            {
                lock (_adding) return Sum.Requests;
            }
        }

        /// <summary>How many days there are entries of.</summary>
        public int Days => _dayCount;

        public ValueTask<bool> AddAsync(UsageBatch batch, CancellationToken cancellation)
        {
            Fate();
            var isNew = _known.TryAdd(batch.Id, true);
            lock (_adding)
            {
                if (isNew) Sum = batch.Entries.Aggregate(Sum, (sum, entry) => sum + entry.Counts);
                foreach (var entry in batch.Entries) _days.Add(entry.Key.Day);
                _dayCount = _days.Count;
            }
            After();
            return new(isNew);
        }

        public ValueTask<IReadOnlyList<UsageRow>> ListAsync(UsageQuery query, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<long> ForgetAsync(DateOnly before, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
