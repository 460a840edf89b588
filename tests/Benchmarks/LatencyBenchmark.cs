using Drizzle.Benchmarks.Load;
using Drizzle.Benchmarks.Machine;
using Drizzle.Benchmarks.Output;
using Drizzle.Benchmarks.Targets;

namespace Drizzle.Benchmarks;

/// <summary>What a proxy adds to a request at half of the load it could take.</summary>
internal sealed class LatencyBenchmark(Session session)
{
    private static readonly double[] Shares = [0.5, 0.9, 0.99, 0.999];

    private readonly int _rounds = session.Options.Rounds ?? 8;
    private readonly int _seconds = session.Options.Seconds ?? 3;
    private readonly int _warmUp = session.Options.WarmUp ?? 40;
    private readonly int _connections = session.Options.Connections ?? 64;

    public async Task<Report> RunAsync()
    {
        Wrk.Need();
        await using var rig = await Rig.StartAsync(session, isWithYarp: true, isWithPeers: false);
        var loop = new ClosedLoop(rig.Targets, rig.Origin, rig.Request, _connections, session);
        await loop.WarmUpAsync(_warmUp);
        var calibration = await loop.RunAsync(rounds: 3, _seconds);
        var rate = 0.5 * rig.Targets.Select((_, i) => Samples.Median([.. calibration.Select(round => round[i].RequestsPerSecond)])).Min();
        var report = new Report(
            "latency",
            $"time from the intended send to the whole answer, open loop at {rate:F0} requests/s (half of what the slower proxy takes), {_connections} connections, each proxy alone on one core, generator and origin on another",
            $"./drizzle bench latency --rounds {_rounds} --secs {_seconds} --warmup {_warmUp} -c {_connections}");
        using (Cores.Move(Cores.Load)) Measure(rig, rate, report);
        return report;
    }

    private void Measure(Rig rig, double rate, Report report)
    {
        Target[] targets = [rig.Origin, .. rig.Targets];
        var loops = targets.Select(t => new OpenLoop(t.Port, rig.Request.Head, _connections, session.Clock)).ToArray();
        try
        {
            foreach (var loop in loops) loop.Run(rate, 1, session.Stop);
            var kept = targets.Select(_ => new List<double[]>()).ToArray();
            var all = targets.Select(_ => new List<double[]>()).ToArray();
            var (clean, disturbed) = (0, 0);
            while (clean < _rounds && disturbed < 2 * _rounds)
            {
                var round = new double[loops.Length][];
                var foreign = 0.0;
                var order = Enumerable.Range(0, loops.Length);
                foreach (var i in (clean + disturbed) % 2 == 0 ? order : order.Reverse())
                {
                    var disturbance = new Disturbance(rig.Targets.Append(rig.Origin), session.Clock);
                    round[i] = loops[i].Run(rate, _seconds, session.Stop);
                    foreign = Math.Max(foreign, disturbance.Share());
                }
                for (var i = 0; i < round.Length; i++) all[i].Add(round[i]);
                if (foreign > Disturbance.Most) disturbed++;
                else
                {
                    clean++;
                    for (var i = 0; i < round.Length; i++) kept[i].Add(round[i]);
                }
                Session.Say($"round {clean + disturbed}: others took {foreign:P0} of a core");
                if (disturbed == _rounds && clean == 0) break;
            }
            Tabulate(targets, clean == 0 ? all : kept, report);
            report.Notes.Add($"{clean} rounds of {_seconds} s kept, {disturbed} dropped because others used the machine.");
            if (clean == 0) report.Notes.Add("no round was undisturbed, so these are all of them: trust no figure.");
        }
        finally
        {
            foreach (var loop in loops) loop.Dispose();
        }
    }

    /// <summary>Percentiles of each round, and of those the median: a second in which the machine stood still spoils one round, not the figure.</summary>
    private static void Tabulate(Target[] targets, List<double[]>[] rounds, Report report)
    {
        var taken = new Table("microseconds, median of the rounds' percentiles", new("target"), new("p50_us", "F0"), new("p90_us", "F0"), new("p99_us", "F0"), new("p99_9_us", "F0"), new("requests", "F0"));
        var added = new Table("microseconds more than direct", new("target"), new("p50_us", "F0"), new("p90_us", "F0"), new("p99_us", "F0"), new("p99_9_us", "F0"));
        double[] direct = [];
        for (var i = 0; i < targets.Length; i++)
        {
            var sorted = rounds[i].ConvertAll(round => round.Order().ToArray());
            var figures = Shares.Select(share => Samples.Median([.. sorted.Select(round => Samples.Percentile(round, share))])).ToArray();
            if (i == 0) direct = figures;
            taken.Add([i == 0 ? "direct" : targets[i].Name, .. figures.Cast<object?>(), rounds[i].Sum(round => round.Length)]);
            if (i > 0) added.Add([targets[i].Name, .. figures.Zip(direct, (f, d) => f - d).Cast<object?>()]);
        }
        report.Tables.Add(taken);
        report.Tables.Add(added);
    }
}
