using Drizzle.Benchmarks.Load;
using Drizzle.Benchmarks.Output;
using Drizzle.Benchmarks.Targets;

namespace Drizzle.Benchmarks;

/// <summary>What a request costs on one core, beside bare YARP and the proxies that people use instead.</summary>
internal sealed class ProxyBenchmark(Session session)
{
    private sealed record Row(string Name, List<double> RequestsPerSecond, List<double> CpuMicroseconds, List<double> Megabytes, List<double> RateRatios, List<double> CpuRatios, List<double> CpuRatioOfRuns);

    private readonly int _rounds = session.Options.Rounds ?? 12;
    private readonly int _seconds = session.Options.Seconds ?? 2;
    private readonly int _warmUp = session.Options.WarmUp ?? 8;
    private readonly int _runs = session.Options.Runs ?? 1;
    private readonly int _connections = session.Options.Connections ?? 64;
    private readonly List<Row> _rows = [];

    public async Task<Report> RunAsync()
    {
        Wrk.Need();
        var report = new Report(
            "proxy",
            $"the whole of Drizzle (key, address limit, consumer limit, metrics, access log to a file) and others, each alone on one core under as much load as it takes; wrk with {_connections} connections and the origin on another core",
            $"./drizzle bench proxy --rounds {_rounds} --secs {_seconds} --warmup {_warmUp} --runs {_runs} -c {_connections}");
        for (var run = 1; run <= _runs; run++)
        {
            if (_runs > 1) Session.Say($"run {run} of {_runs}");
            await RunOnceAsync(report);
        }
        var table = new Table(
            $"{(_runs > 1 ? $"median of {_runs} runs; " : "")}ratios to bare YARP of the same round, with 95 % interval; the second bare YARP is the control",
            new("target"), new("requests_per_s", "F0"), new("cpu_us_per_request", "F1"), new("rss_mb", "F0"), new("requests_ratio"), new("cpu_ratio"));
        foreach (var row in _rows) table.Add(row.Name, Samples.Median(row.RequestsPerSecond), Samples.Median(row.CpuMicroseconds), Samples.Median(row.Megabytes), Samples.Ratio(row.RateRatios), Samples.Ratio(row.CpuRatios));
        report.Tables.Add(table);
        if (_runs > 1) report.Tables.Add(ByRun());
        report.Notes.Add("a difference that lies within the control's interval is none.");
        return report;
    }

    private async Task RunOnceAsync(Report report)
    {
        await using var rig = await Rig.StartAsync(session, isWithYarp: true, isWithPeers: true);
        var loop = new ClosedLoop(rig.Targets, rig.Origin, rig.Request, _connections, session);
        await loop.WarmUpAsync(_warmUp);
        var rounds = await loop.RunAsync(_rounds, _seconds);
        for (var i = 0; i < rig.Targets.Count; i++)
        {
            if (_rows.Count == i) _rows.Add(new(rig.Targets[i].Name, [], [], [], [], [], []));
            var row = _rows[i];
            var ratios = rounds.Select(r => r[i].CpuMicroseconds / r[0].CpuMicroseconds).ToList();
            row.RequestsPerSecond.Add(Samples.Median([.. rounds.Select(r => r[i].RequestsPerSecond)]));
            row.CpuMicroseconds.Add(Samples.Median([.. rounds.Select(r => r[i].CpuMicroseconds)]));
            row.Megabytes.Add(rig.Targets[i].Tree().ResidentMegabytes());
            row.RateRatios.AddRange(rounds.Select(r => r[i].RequestsPerSecond / r[0].RequestsPerSecond));
            row.CpuRatios.AddRange(ratios);
            row.CpuRatioOfRuns.Add(Samples.Median(ratios));
        }
        foreach (var note in rig.Notes.Except(report.Notes)) report.Notes.Add(note);
        report.Notes.Add($"{loop.Kept} rounds of {_seconds} s kept, {loop.Dropped} dropped because others used the machine.");
        if (loop.Doubt is { } doubt) report.Notes.Add(doubt);
    }

    private Table ByRun()
    {
        var table = new Table("CPU per request relative to bare YARP, run by run", [new("target"), .. Enumerable.Range(1, _runs).Select(run => new Column($"run_{run}", "F3"))]);
        foreach (var row in _rows) table.Add([row.Name, .. row.CpuRatioOfRuns.Cast<object?>()]);
        return table;
    }
}
