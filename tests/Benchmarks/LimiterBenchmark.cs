using Drizzle.Benchmarks.Load;
using Drizzle.Benchmarks.Machine;
using Drizzle.Benchmarks.Output;
using Drizzle.Benchmarks.Routes;
using Drizzle.Benchmarks.Targets;
using Drizzle.Contracts.Limits;
using Drizzle.Edge.Limits;
using Drizzle.Engine.Sql;
using Drizzle.Testing;

namespace Drizzle.Benchmarks;

/// <summary>What a limit costs a request on an edge that leases, how soon all is normal after an outage of the owner, and what an idle bucket takes in memory.</summary>
internal sealed class LimiterBenchmark(Session session)
{
    private const string Tenant = "bench";
    private const int Limits = 20;
    private const int OutageSeconds = 5;

    private readonly int _rounds = session.Options.Rounds ?? 5000;
    private readonly int _warmUp = session.Options.WarmUp ?? 30;
    private readonly int _runs = session.Options.Runs ?? 5;
    private readonly int _connections = session.Options.Connections ?? 16;

    public async Task<Report> RunAsync()
    {
        var report = new Report("limiter", "drizzle edge over PostgreSQL, which runs beside it", $"./drizzle bench limiter --rounds {_rounds} --warmup {_warmUp} --runs {_runs} -c {_connections}");
        report.Tables.Add(await MeasureMemoryAsync());
        await using var server = await PostgresServer.StartAsync();
        report.Tables.Add(await MeasureCostAsync(await server.CreateDatabaseAsync()));
        report.Tables.Add(await MeasureReturnAsync(server));
        return report;
    }

    private async Task<Table> MeasureMemoryAsync()
    {
        using var folder = new TestFolder();
        // In time that stands still nothing is forgotten or written down meanwhile.
        await using var engine = await SqliteEngine.OpenAsync(folder.Path, new FakeClock(), session.Stop);
        var answers = new BucketAnswer[1];
        var rule = new BucketRule(1_000_000_000, 1000);
        var before = ManagedMemory.Bytes();
        for (var limit = 0; limit < Limits; limit++)
        {
            // A limit's name is one object of the compiled configuration; a subject's comes with the request and is kept.
            var name = $"bench/{limit}";
            for (var i = 0; i < BucketId.MostOfOneLimit; i++) engine.Buckets.Charge([new(new(name, $"client-{i:D5}"), rule, 1)], answers);
        }
        var count = (double)(Limits * BucketId.MostOfOneLimit);
        var table = new Table("memory of a bucket that is idle and not full, in the process that owns it, with its subject's name of twelve characters", new("buckets", "F0"), new("bytes_each", "F0"));
        table.Add(count, (ManagedMemory.Bytes() - before) / count);
        return table;
    }

    /// <summary>One process, asked in turns with keys whose plans have no limit, one, and three.</summary>
    private async Task<Table> MeasureCostAsync(string database)
    {
        using var folder = new TestFolder();
        await using var origin = await OriginProcess.StartAsync(folder.Path, session);
        var keys = await StoreAsync(database, origin.Port);
        var ports = Ports.Free(2);
        var environment = DotNetSettings.Edge(database, ports, isOneCore: true);
        environment["Drizzle__Edge__AccessLog"] = folder.File("access.log");
        await using var edge = new Target("edge", ports[0], ChildProcess.Start(Cores.On(Cores.Proxy, Installation.Drizzle(), "edge"), environment));
        await edge.AnswersAsync(keys[0].Head, session);
        (string Name, LoadRequest Key)[] asked = [("no limit", keys[0]), ("no limit, another consumer", keys[1]), ("one limit", keys[2]), ("three limits", keys[3])];
        var requests = asked.Select(a => a.Key).ToArray();
        using var turns = new Turns(edge, _connections);
        double[][] rounds;
        using (Cores.Move(Cores.Load))
        {
            Session.Say("warming up …");
            var since = session.Clock.GetTimestamp();
            while (session.Clock.GetElapsedTime(since).TotalSeconds < _warmUp) turns.Run(requests, 1, session.Stop);
            Session.Say($"{_rounds} rounds of {asked.Length} turns …");
            rounds = turns.Run(requests, _rounds, session.Stop);
        }
        var table = new Table($"CPU of the edge for a request, in turns of a hundred requests; ratios to the mean of both without limits in the same round, with 95 % interval; {_rounds} rounds", new("consumer"), new("cpu_us_per_request", "F2"), new("cpu_ratio"));
        for (var i = 0; i < asked.Length; i++) table.Add(asked[i].Name, Samples.Median([.. rounds.Select(r => r[i])]), Samples.Ratio([.. rounds.Select(r => 2 * r[i] / (r[0] + r[1]))]));
        return table;
    }

    private async Task<LoadRequest[]> StoreAsync(string database, int origin)
    {
        const string limit = "rate: 1000000/s, burst: 1000000, by: [consumer] }";
        var yaml = $$"""
            platform: { addressLimit: { rate: 1000000/s, burst: 1000000 }, allowedDestinations: [127.0.0.0/8] }
            tenants:
              - slug: {{Tenant}}
                plans:
                  - { name: plan0 }
                  - { name: plan1, limits: [{ name: a, {{limit}}] }
                  - { name: plan2, limits: [{ name: a, {{limit}}, { name: b, {{limit}}, { name: c, {{limit}}] }
                services: [{ slug: orders, destinations: [{ url: "http://127.0.0.1:{{origin}}" }] }]
                consumers:
                  - { name: load0, plan: plan0, roles: [reader] }
                  - { name: load1, plan: plan0, roles: [reader] }
                  - { name: load2, plan: plan1, roles: [reader] }
                  - { name: load3, plan: plan2, roles: [reader] }
                policies: [{ name: readers, cedar: 'permit(principal in Role::"reader", action, resource in Tenant::"{{Tenant}}");' }]
            """;
        await using var engine = await PostgresEngine.OpenAsync(database, session.Clock, session.Stop);
        return await StoredTenants.StoreAsync(engine.Store, yaml, ["load0", "load1", "load2", "load3"], session);
    }

    /// <summary>A bucket that fills within half a second, wanted at twice its rate; the database is killed and comes back.</summary>
    private async Task<Table> MeasureReturnAsync(PostgresServer server)
    {
        var rule = new BucketRule(1_000_000, 500);
        var database = await server.CreateDatabaseAsync();
        var (times, longest) = (new List<double>(), new List<double>());
        for (var run = 1; run <= _runs; run++)
        {
            await using var engine = await PostgresEngine.OpenAsync(database, session.Clock, session.Stop);
            await using var edge = new LeasedBuckets(engine.BucketOwner, "edge", session.Clock);
            await edge.StartAsync();
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(session.Stop);
            var demand = new Demanded(edge, new(new("bench/return", $"{run}"), rule, 1), 2000, session);
            var running = demand.RunAsync(ending.Token);
            await session.PauseAsync(TimeSpan.FromSeconds(2));
            await server.CrashAsync();
            await session.PauseAsync(TimeSpan.FromSeconds(OutageSeconds));
            await server.RunAsync();
            var backAt = session.Clock.GetTimestamp();
            // Half a second in which nearly all is admitted that the rule allows.
            while (demand.AdmittedInLast(TimeSpan.FromSeconds(0.5)) < 475 || session.Clock.GetElapsedTime(backAt) < TimeSpan.FromSeconds(0.5) || !edge.IsOwnerUp) await session.PauseAsync(TimeSpan.FromMilliseconds(10));
            times.Add(session.Clock.GetElapsedTime(backAt).TotalSeconds);
            longest.Add(demand.LongestWait.TotalMilliseconds);
            Session.Say($"outage {run} of {_runs}: normal again after {times[^1]:F1} s");
            await ending.CancelAsync();
            await running;
        }
        var table = new Table(
            $"after {OutageSeconds} s without the owner: until half a second admits at least 95 % of the rule again; the longest that a request waited", new("median_s", "F1"), new("most_s", "F1"), new("longest_wait_ms", "F0"));
        table.Add(Samples.Median(times), times.Max(), longest.Max());
        return table;
    }

    /// <summary>Asks for one bucket at a steady rate.</summary>
    private sealed class Demanded(LeasedBuckets edge, BucketCharge charge, int rate, Session session)
    {
        private readonly Queue<long> _admitted = new();
        private long _longest;

        public TimeSpan LongestWait => TimeSpan.FromSeconds(Interlocked.Read(ref _longest) / (double)session.Clock.TimestampFrequency);

        public int AdmittedInLast(TimeSpan time)
        {
            lock (_admitted) return _admitted.Count(at => session.Clock.GetElapsedTime(at) <= time);
        }

        public Task RunAsync(CancellationToken cancellation) => SteadyRate.RunAsync(rate, _ => AskAsync(), session, cancellation);

        private async Task AskAsync()
        {
            var at = session.Clock.GetTimestamp();
            var answers = new BucketAnswer[1];
            var answer = edge.TryCharge([charge], answers, at) ?? await edge.ChargeAsync(new[] { charge }, answers);
            var now = session.Clock.GetTimestamp();
            lock (_admitted)
            {
                _longest = Math.Max(_longest, now - at);
                if (!answer.IsAdmitted) return;
                _admitted.Enqueue(now);
                while (_admitted.Count > 10_000) _admitted.Dequeue();
            }
        }
    }
}
