using Drizzle.Benchmarks.Load;
using Drizzle.Benchmarks.Output;
using Drizzle.Benchmarks.Targets;

namespace Drizzle.Benchmarks;

/// <summary>What <c>drizzle up</c> holds in memory: after its start, under load, and once the load has gone.</summary>
internal sealed class MemoryBenchmark(Session session)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private readonly int _seconds = session.Options.Seconds ?? 30;
    private readonly int _connections = session.Options.Connections ?? 64;

    public async Task<Report> RunAsync()
    {
        Wrk.Need();
        var report = new Report(
            "memory",
            $"resident memory of drizzle up (edge, admin API and store in one process) on one core, as much load as it takes over {_connections} connections for {_seconds} s",
            $"./drizzle bench memory --secs {_seconds} -c {_connections}");
        await using var rig = await Rig.StartAsync(session, isWithYarp: false, isWithPeers: false);
        var drizzle = rig.Targets[0];
        await session.PauseAsync(Settling);
        var idle = drizzle.Tree().ResidentMegabytes();
        Session.Say("under load …");
        var load = Wrk.RunAsync(drizzle, rig.Request, _connections, _seconds, session.Stop);
        var during = new List<double>();
        while (!load.IsCompleted)
        {
            await Task.WhenAny(load, session.PauseAsync(Every));
            during.Add(drizzle.Tree().ResidentMegabytes());
        }
        var (_, perSecond) = await load;
        await session.PauseAsync(Settling);
        var table = new Table("megabytes", new("idle_before_mb", "F0"), new("load_median_mb", "F0"), new("load_most_mb", "F0"), new("idle_after_mb", "F0"), new("requests_per_s", "F0"));
        table.Add(idle, Samples.Median(during), during.Max(), drizzle.Tree().ResidentMegabytes(), perSecond);
        report.Tables.Add(table);
        report.Notes.Add($"idle is {Settling.TotalSeconds:F0} s after the first answer, and after the load.");
        return report;
    }
}
