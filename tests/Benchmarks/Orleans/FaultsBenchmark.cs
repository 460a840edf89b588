using Drizzle.Benchmarks.Machine;
using Drizzle.Benchmarks.Output;
using Drizzle.Benchmarks.Targets;
using Drizzle.Edge.Limits;
using Drizzle.Engine.Orleans;
using Drizzle.Testing;

namespace Drizzle.Benchmarks;

/// <summary>What requests notice when silos are killed, end, join, stand still or are all away, and when the database is: of limits that refuse while their owner is away.</summary>
internal sealed class FaultsBenchmark(Session session)
{
    private const int Silos = 3;
    private const int Edges = 3;

    private static readonly TimeSpan DatabaseOutage = TimeSpan.FromSeconds(15);

    // What joins is waited for, and then gets its shards.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    private readonly TimeSpan _outage = TimeSpan.FromSeconds(session.Options.Seconds ?? 60);
    private readonly (ChildProcess Process, IReadOnlyList<int> Ports)[] _silos = new (ChildProcess, IReadOnlyList<int>)[Silos];
    private readonly HttpClient _http = new();
    private readonly Table _table = new(
        "three silos and three edges, 960 requests a second within their limits, which refuse while nobody owns their buckets; seconds from the fault, or from its end where it lasts",
        new("fault"), new("lasts_s", "F0"), new("asked", "F0"), new("refused", "F0"), new("declared_dead_s", "F1"), new("normal_after_s", "F1"), new("longest_wait_ms", "F0"));

    private string _database = "";

    public async Task<Report> RunAsync()
    {
        var report = new Report("faults", "silos as processes and PostgreSQL beside them, the edges in this process, all on the same cores", $"./drizzle bench faults --secs {_outage.TotalSeconds:F0}");
        await using var server = await PostgresServer.StartAsync();
        _database = await server.CreateDatabaseAsync();
        try
        {
            await StartAsync(Enumerable.Range(0, Silos));
            await MeasureAsync(server);
        }
        finally
        {
            foreach (var (silo, _) in _silos)
            {
                if (silo is not null) await silo.DisposeAsync();
            }
            _http.Dispose();
        }
        report.Tables.Add(_table);
        return report;
    }

    private async Task MeasureAsync(PostgresServer server)
    {
        var engines = Enumerable.Range(0, Edges).Select(_ => OrleansEngine.Connect(new SiloCluster(_database), session.Clock)).ToList();
        var edges = engines.Select((engine, i) => new LeasedBuckets(engine.BucketOwner, $"edge-{i}", session.Clock)).ToList();
        foreach (var edge in edges) await edge.StartAsync();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(session.Stop);
        var demand = new SteadyDemand(edges, session);
        var running = demand.RunAsync(ending.Token);
        await demand.NormalAfterAsync(demand.Slot);
        await session.PauseAsync(Settling);

        await NoteAsync(demand, "none", _ => session.PauseAsync(TimeSpan.FromSeconds(10)));
        await NoteAsync(demand, "a silo is killed", async lasting => lasting.DeadAt = await EndAsync(0, Native.KillAtOnce, demand));
        await NoteAsync(demand, "a silo joins", async lasting => await JoinAsync([0], lasting, demand));
        await NoteAsync(demand, "a silo ends in good order", async lasting => lasting.DeadAt = await EndAsync(1, Native.Terminate, demand));
        await JoinAsync([1], new(), demand);
        await NoteAsync(demand, "a silo stands still, and wakes", lasting => StandStillAsync(2, lasting, demand));
        await JoinAsync([2], new(), demand);
        await NoteAsync(demand, "the database is killed", lasting => WithoutDatabaseAsync(server, lasting, demand));
        await session.PauseAsync(Settling);
        await NoteAsync(demand, "all silos are killed", lasting => WithoutSilosAsync(lasting, demand));

        await ending.CancelAsync();
        await running;
        foreach (var edge in edges) await edge.DisposeAsync();
        foreach (var engine in engines) await engine.DisposeAsync();
    }

    /// <summary>What is known of a fault while it lasts.</summary>
    private sealed class Lasting
    {
        public int? EndsAt { get; set; }

        public int? DeadAt { get; set; }
    }

    private async Task NoteAsync(SteadyDemand demand, string fault, Func<Lasting, Task> work)
    {
        Session.Say($"{fault} …");
        var (from, lasting) = (demand.Slot, new Lasting());
        demand.TakeLongestWait();
        await work(lasting);
        var normal = await demand.NormalAfterAsync(lasting.EndsAt ?? from);
        var (asked, refused) = demand.Count(from, demand.Slot);
        _table.Add(fault, Seconds(lasting.EndsAt), asked, refused, Seconds(lasting.DeadAt), normal, demand.TakeLongestWait());

        double? Seconds(int? at) => (at - from) / (double)SteadyDemand.SlotsInSecond;
    }

    /// <returns>When it was declared dead, or had said that it is.</returns>
    private async Task<int> EndAsync(int which, int signal, SteadyDemand demand)
    {
        _silos[which].Process.Signal(signal);
        return await DeadAsync(which, demand);
    }

    private async Task<int> DeadAsync(int which, SteadyDemand demand)
    {
        while (await PostgresServer.QueryAsync(_database, $"SELECT status = 6 FROM drizzle.OrleansMembershipTable WHERE port = {_silos[which].Ports[0]} ORDER BY generation DESC LIMIT 1") is not true) await session.PauseAsync(TimeSpan.FromMilliseconds(20));
        return demand.Slot;
    }

    private async Task JoinAsync(IReadOnlyCollection<int> which, Lasting lasting, SteadyDemand demand)
    {
        await StartAsync(which);
        lasting.EndsAt = demand.Slot;
        await session.PauseAsync(Settling);
    }

    private async Task StandStillAsync(int which, Lasting lasting, SteadyDemand demand)
    {
        _silos[which].Process.Signal(Native.StandStill);
        var pause = session.PauseAsync(_outage);
        lasting.DeadAt = await DeadAsync(which, demand);
        await pause;
        lasting.EndsAt = demand.Slot;
        _silos[which].Process.Signal(Native.GoOn);
        await _silos[which].Process.ExitAsync(session.Stop);
    }

    private async Task WithoutDatabaseAsync(PostgresServer server, Lasting lasting, SteadyDemand demand)
    {
        await server.CrashAsync();
        await session.PauseAsync(DatabaseOutage);
        await server.RunAsync();
        lasting.EndsAt = demand.Slot;
    }

    private async Task WithoutSilosAsync(Lasting lasting, SteadyDemand demand)
    {
        foreach (var (silo, _) in _silos) silo.Signal(Native.KillAtOnce);
        await session.PauseAsync(_outage);
        await StartAsync(Enumerable.Range(0, Silos));
        lasting.EndsAt = demand.Slot;
    }

    /// <summary>Starts these, and waits until they are ready.</summary>
    private async Task StartAsync(IEnumerable<int> which)
    {
        var all = which.ToList();
        foreach (var i in all)
        {
            if (_silos[i].Process is { } before) await before.DisposeAsync();
            var ports = _silos[i].Ports ?? Ports.Free(3);
            _silos[i] = (ChildProcess.Start((Installation.Drizzle(), ["silo"]), DotNetSettings.Silo(_database, ports)), ports);
        }
        foreach (var i in all)
        {
            while (!await IsReadyAsync(_silos[i].Ports[2]))
            {
                if (_silos[i].Process.HasEnded) throw new BenchmarkFailure($"drizzle silo ended: {_silos[i].Process.Said()}");
                await session.PauseAsync(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    private async Task<bool> IsReadyAsync(int port)
    {
        try
        {
            return (await _http.GetAsync($"http://127.0.0.1:{port}/readyz", session.Stop)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
