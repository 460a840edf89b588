using Drizzle.Benchmarks.Load;
using Drizzle.Benchmarks.Output;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;
using Drizzle.Edge.Limits;
using Drizzle.Engine.Sql;
using Drizzle.Testing;

namespace Drizzle.Benchmarks;

/// <summary>What a decision costs that has a lease in hand, how many leases the owner in PostgreSQL gives, and how seldom a hot bucket asks for one.</summary>
internal sealed class LeasesBenchmark(Session session)
{
    private const int Decisions = 2_000_000;
    private const int Rounds = 11;
    private const int Buckets = 20_000;
    private const int HotEdges = 10;
    private const int HotRate = 1000;
    private static readonly int[] HotRules = [HotEdges * HotRate * 2, HotEdges * HotRate / 2];

    private static readonly BucketRule Wide = new(1_000, 50_000_000);

    // One that fills within ten seconds is not in the database's log.
    private static readonly (string Name, BucketRule Rule)[] Kinds = [("fill within 10 s", new(1_000, 5_000_000)), ("take longer", Wide)];

    private readonly double _seconds = session.Options.Seconds ?? 5;

    public async Task<Report> RunAsync()
    {
        var report = new Report("leases", "the limiter in this process; PostgreSQL beside it, on the same cores", "./drizzle bench leases");
        report.Tables.Add(await MeasureDecisionAsync());
        await using var server = await PostgresServer.StartAsync();
        report.Tables.Add(await MeasureOwnerAsync(await server.CreateDatabaseAsync()));
        report.Tables.Add(await MeasureHotAsync(await server.CreateDatabaseAsync()));
        return report;
    }

    private async Task<Table> MeasureDecisionAsync()
    {
        await using var leased = new LeasedBuckets(new GenerousOwner(), "edge", session.Clock);
        await leased.StartAsync();
        var (nanoseconds, bytes) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            // What is not counted is whatever had to wait.
            var charge = new BucketCharge[] { new(new("bench/decision", ""), Wide, 1) };
            var answers = new BucketAnswer[1];
            await leased.ChargeAsync(charge, answers);
            var (decided, now) = (0, session.Clock.GetTimestamp());
            var before = Environment.CpuUsage.TotalTime;
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            // A request knows when it came; so does each of these, as well as a thousandth of a second of them does.
            for (var i = 0; i < Decisions; i++)
            {
                if (i % 4096 == 0) now = session.Clock.GetTimestamp();
                decided += leased.TryCharge(charge, answers, now) is { IsAdmitted: true } ? 1 : 0;
            }
            nanoseconds.Add((Environment.CpuUsage.TotalTime - before).TotalNanoseconds / Decisions);
            bytes.Add((GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)Decisions);
            if (decided < Decisions * 9 / 10) throw new BenchmarkFailure($"Only {decided} of {Decisions} decisions had a lease in hand.");
        }
        var table = new Table($"a decision with a lease in hand, {Decisions} at a time, median of {Rounds} rounds", new("cpu_ns", "F0"), new("bytes", "F2"));
        table.Add(Samples.Median(nanoseconds), Samples.Median(bytes));
        return table;
    }

    private async Task<Table> MeasureOwnerAsync(string database)
    {
        await using var engine = await PostgresEngine.OpenAsync(database, session.Clock, session.Stop);
        var ids = Enumerable.Range(0, Buckets).Select(i => new BucketId("bench/owner", $"{i}")).ToArray();
        var table = new Table($"leases from the owner in PostgreSQL, batches of {LeaseLoad.Batch} of {Buckets} buckets, each with a report of the lease before", new("buckets"), new("callers"), new("leases_per_s", "F0"), new("call_p50_ms", "F1"), new("call_p99_ms", "F1"));
        foreach (var ((name, rule), callers) in Kinds.SelectMany(kind => new[] { 1, 2, 4 }.Select(callers => (kind, callers))))
        {
            Session.Say($"buckets that {name}, {callers} callers …");
            await LeaseLoad.RunAsync(engine.BucketOwner, ids, rule, callers, TimeSpan.FromSeconds(2), session);
            var (leases, times) = await LeaseLoad.RunAsync(engine.BucketOwner, ids, rule, callers, TimeSpan.FromSeconds(_seconds), session);
            table.Add(name, $"{callers}", leases / _seconds, Samples.Percentile(times, 0.5), Samples.Percentile(times, 0.99));
        }
        return table;
    }

    /// <summary>One within its rule, and one of which twice as much is asked for as there is.</summary>
    private async Task<Table> MeasureHotAsync(string database)
    {
        await using var engine = await PostgresEngine.OpenAsync(database, session.Clock, session.Stop);
        var table = new Table(
            $"one bucket on {HotEdges} edges at {HotRate} requests a second each", new("rule_per_s", "F0"), new("requests_per_s", "F0"), new("admitted", "P1"), new("calls_per_s", "F0"), new("calls_per_request", "P2"));
        foreach (var rate in HotRules)
        {
            Session.Say($"one hot bucket of {rate}/s …");
            var counting = new CountingOwner(engine.BucketOwner);
            var edges = Enumerable.Range(0, HotEdges).Select(i => new LeasedBuckets(counting, $"edge {i}", session.Clock)).ToArray();
            foreach (var edge in edges) await edge.StartAsync();
            var charge = new BucketCharge(new("bench/hot", $"{rate}"), new(1_000_000_000 / rate, rate), 1);
            var before = counting.Calls;
            var loads = await Task.WhenAll(edges.Select(edge => Task.Run(() => AskAsync(edge, charge))));
            var calls = counting.Calls - before;
            foreach (var edge in edges) await edge.DisposeAsync();
            var requests = loads.Sum(l => l.Requests);
            table.Add((double)rate, requests / _seconds, loads.Sum(l => l.Admitted) / (double)requests, calls / _seconds, calls / (double)requests);
        }
        return table;
    }

    private async Task<(long Requests, long Admitted)> AskAsync(LeasedBuckets edge, BucketCharge asked)
    {
        var (charge, answers, admitted, requests) = (new[] { asked }, new BucketAnswer[1], 0L, 0L);
        var startedAt = session.Clock.GetTimestamp();
        while (session.Clock.GetElapsedTime(startedAt).TotalSeconds < _seconds)
        {
            // As many as are due by now, a millisecond's worth at a time.
            for (var due = (long)(session.Clock.GetElapsedTime(startedAt).TotalSeconds * HotRate); requests < due; requests++)
            {
                var answer = edge.TryCharge(charge, answers, session.Clock.GetTimestamp()) ?? await edge.ChargeAsync(charge, answers);
                if (answer.IsAdmitted) admitted++;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(1), session.Clock);
        }
        return (requests, admitted);
    }

    /// <summary>Gives whatever is wanted and much more, so that no decision waits.</summary>
    private sealed class GenerousOwner : IBucketOwner
    {
        private long _number;

        public ValueTask<LeaseAnswers> LeaseAsync(string edge, IReadOnlyList<LeaseRequest> requests, CancellationToken cancellation) =>
            new(new LeaseAnswers([.. requests.Select(r => new LeaseAnswer(new(1, ++_number), r.Ask.Need > 0 ? 100_000_000 : 0, 1_000_000, 0))], 1));

        public ValueTask<IReadOnlyList<long?>> LevelsAsync(IReadOnlyList<BucketId> buckets, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask NoteRefusalsAsync(IReadOnlyList<(BucketId Bucket, long Refused)> refusals, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask<long> ForgetFullAsync(CancellationToken cancellation) => new(0);
    }

    private sealed class CountingOwner(IBucketOwner inner) : IBucketOwner
    {
        private long _calls;

        public long Calls => Interlocked.Read(ref _calls);

        public ValueTask<LeaseAnswers> LeaseAsync(string edge, IReadOnlyList<LeaseRequest> requests, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _calls);
            return inner.LeaseAsync(edge, requests, cancellation);
        }

        public ValueTask<IReadOnlyList<long?>> LevelsAsync(IReadOnlyList<BucketId> buckets, CancellationToken cancellation) => inner.LevelsAsync(buckets, cancellation);

        public ValueTask NoteRefusalsAsync(IReadOnlyList<(BucketId Bucket, long Refused)> refusals, CancellationToken cancellation) => inner.NoteRefusalsAsync(refusals, cancellation);

        public ValueTask<long> ForgetFullAsync(CancellationToken cancellation) => inner.ForgetFullAsync(cancellation);
    }
}
