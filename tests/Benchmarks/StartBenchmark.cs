using Drizzle.Benchmarks.Output;
using Drizzle.Benchmarks.Targets;
using Drizzle.Testing;

namespace Drizzle.Benchmarks;

/// <summary>How soon after its start Drizzle proxies.</summary>
internal sealed class StartBenchmark(Session session)
{
    private readonly int _runs = session.Options.Runs ?? 5;

    public async Task<Report> RunAsync()
    {
        var report = new Report(
            "start",
            "from starting the process drizzle up, on all cores and with a data folder that it has used before, to the first proxied answer of 200",
            $"./drizzle bench start --runs {_runs}");
        using var folder = new TestFolder();
        await using var origin = new RawOrigin();
        var data = folder.File("data");
        var request = await FullDrizzle.PrepareAsync(data, origin.Port, session);
        var first = await MeasureAsync(data, request);
        var times = new List<double>();
        for (var run = 0; run < _runs; run++)
        {
            times.Add(await MeasureAsync(data, request));
            Session.Say($"start {run + 1} of {_runs}: {times[^1]:F0} ms");
        }
        var table = new Table($"milliseconds, {_runs} runs", new("median_ms", "F0"), new("least_ms", "F0"), new("most_ms", "F0"), new("very_first_ms", "F0"));
        table.Add(Samples.Median(times), times.Min(), times.Max(), first);
        report.Tables.Add(table);
        report.Notes.Add("the very first start finds its files unread and makes the root token; it is not in the median.");
        return report;
    }

    private async Task<double> MeasureAsync(string data, LoadRequest request)
    {
        var startedAt = session.Clock.GetTimestamp();
        await using var drizzle = FullDrizzle.Start(data, core: null);
        await drizzle.AnswersAsync(request.Head, session);
        return session.Clock.GetElapsedTime(startedAt).TotalMilliseconds;
    }
}
