using Drizzle.Benchmarks.Load;
using Drizzle.Benchmarks.Machine;
using Drizzle.Benchmarks.Output;
using Drizzle.Benchmarks.Targets;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Testing;

namespace Drizzle.Benchmarks;

/// <summary>Leases from a silo, what its buckets take in memory, and how soon a change is in force on ten edges that are its clients.</summary>
internal sealed class SilosBenchmark(Session session)
{
    private const int Buckets = 20_000;
    private const int ManyBuckets = 100_000;
    private const int SmallBatch = 16;

    // One that fills within ten seconds is in memory alone.
    private static readonly BucketRule Quick = new(1_000, 5_000_000);

    // Calls a second, of which some keep a machine of two cores half busy.
    private static readonly int[] Rates = [1_000, 1_500, 2_000, 4_000];

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly double _seconds = session.Options.Seconds ?? 5;

    public async Task<Report> RunAsync()
    {
        var report = new Report("silos", "one silo as a process and PostgreSQL beside it, the clients in this process, all on the same cores", "./drizzle bench silos");
        await using var server = await PostgresServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using var silo = ChildProcess.Start((Installation.Drizzle(), ["silo"]), DotNetSettings.Silo(database, Ports.Free(3)));
        await using var engine = await ConnectedAsync(database, silo);
        report.Tables.Add(await MeasureLeasesAsync(engine.BucketOwner));
        report.Tables.Add(await MeasureMemoryAsync(engine.BucketOwner, silo));
        report.Tables.Add(await new PushBenchmark(session).MeasureChangesAsync(engine.Store, () => OrleansEngine.Connect(new SiloCluster(database), session.Clock)));
        return report;
    }

    private async Task<Table> MeasureLeasesAsync(IBucketOwner owner)
    {
        var ids = Enumerable.Range(0, Buckets).Select(i => new BucketId("bench/owner", $"{i}")).ToArray();
        var table = new Table($"leases from the silo, of {Buckets} buckets, each with a report of the lease before", new("callers"), new("batch"), new("leases_per_s", "F0"), new("call_p50_ms", "F1"), new("call_p99_ms", "F1"), new("machine_busy", "P0"));
        // A call about nothing tells what the wire and the machine take.
        foreach (var (callers, batch, pause) in new (int, int, TimeSpan?)[] { (1, LeaseLoad.Batch, null), (2, LeaseLoad.Batch, null), (4, LeaseLoad.Batch, null), (1, SmallBatch, null), (1, LeaseLoad.Batch, Pause), (1, SmallBatch, Pause), (1, 0, Pause) })
        {
            await AddAsync(pause is { } apart ? $"{callers}, {apart.TotalMilliseconds} ms apart" : $"{callers}", batch, time => LeaseLoad.RunAsync(owner, ids, Quick, callers, time, session, pause, batch));
        }
        foreach (var rate in Rates) await AddAsync($"{rate} calls a second", SmallBatch, time => LeaseLoad.RunSteadyAsync(owner, ids, Quick, rate, time, session, SmallBatch));
        return table;

        async Task AddAsync(string who, int batch, Func<TimeSpan, Task<(double Leases, List<double> Times)>> run)
        {
            Session.Say($"{who}, batches of {batch} …");
            await run(WarmUp);
            // What the kernel says of its cores leaves out who begins and ends between two of its ticks.
            var ours = ProcessTree.Of(System.Environment.ProcessId);
            var (usedBefore, startedAt) = (ours.CpuNanoseconds(), session.Clock.GetTimestamp());
            var (leases, times) = await run(TimeSpan.FromSeconds(_seconds));
            var busy = (ours.CpuNanoseconds() - usedBefore) / 1e9 / session.Clock.GetElapsedTime(startedAt).TotalSeconds / System.Environment.ProcessorCount;
            table.Add(who, $"{batch}", leases / _seconds, Samples.Percentile(times, 0.5), Samples.Percentile(times, 0.99), busy);
        }
    }

    private async Task<Table> MeasureMemoryAsync(IBucketOwner owner, ChildProcess silo)
    {
        var before = ProcessTree.Of(silo.Id).ResidentMegabytes();
        var ids = Enumerable.Range(0, ManyBuckets).Select(i => new BucketId("bench/many/of-a-plan", $"consumer-{i}/client-{i}")).ToArray();
        foreach (var some in ids.Chunk(LeaseLoad.Batch))
        {
            await owner.LeaseAsync("edge", [.. some.Select(id => new LeaseRequest(id, Quick, 1, new(1, 10), []))], session.Stop);
        }
        var table = new Table($"resident memory of the silo with {ManyBuckets} more buckets that edges hold some of", new("before_mb", "F0"), new("after_mb", "F0"), new("more_mb", "F0"));
        var after = ProcessTree.Of(silo.Id).ResidentMegabytes();
        table.Add(before, after, after - before);
        return table;
    }

    private async Task<OrleansEngine> ConnectedAsync(string database, ChildProcess silo)
    {
        var engine = await OrleansEngine.OpenAsync(new SiloCluster(database), session.Clock, session.Stop);
        while (true)
        {
            if (silo.HasEnded) throw new BenchmarkFailure($"drizzle silo ended: {silo.Said()}");
            try
            {
                await engine.BucketOwner.LeaseAsync("edge", [], session.Stop);
                return engine;
            }
            catch (EngineException)
            {
                await session.PauseAsync(TimeSpan.FromMilliseconds(100));
            }
        }
    }
}
