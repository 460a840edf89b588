using Drizzle.Admin.Writing;
using Drizzle.Benchmarks.Output;
using Drizzle.Benchmarks.Routes;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql;
using Drizzle.Testing;

namespace Drizzle.Benchmarks;

/// <summary>What a big configuration costs: to read, to store, to put in force, to match against, to edit.</summary>
internal sealed class RoutesBenchmark(Session session)
{
    private const int Edits = 200;
    private const int ReadyRuns = 3;

    private readonly BigConfiguration _configuration = new(session.Options.Tenants ?? 500, "http://127.0.0.1:9001");

    public async Task<Report> RunAsync()
    {
        var tenants = _configuration.Tenants;
        var report = new Report(
            "routes",
            $"{_configuration.Routes} routes on {tenants * BigConfiguration.ServicesPerTenant} services in {tenants} tenants, {BigConfiguration.ConsumersPerTenant} consumers and a plan each; all in this process",
            $"./drizzle bench routes --tenants {tenants}");
        using var folder = new TestFolder();
        var yamlFile = folder.File("routes.yaml");
        await File.WriteAllTextAsync(yamlFile, _configuration.ToYaml(), session.Stop);
        var file = await MeasureLoadingAsync(yamlFile, folder.File("data"), report);

        Session.Say("matching …");
        var matcher = Matcher.Build(file, session.Clock);
        var bytes = new Table("bytes per route, the model excluded", new("what"), new("bytes_per_route", "F0"));
        bytes.Add("route tables", (double)matcher.TableBytes / _configuration.Routes);
        bytes.Add("all that is compiled", (double)matcher.SnapshotBytes / _configuration.Routes);
        report.Tables.Add(bytes);
        report.Tables.Add(new MatchTimes(matcher, _configuration).Measure());

        Session.Say("editing …");
        report.Tables.Add(await MeasureEditsAsync(folder.File("data")));
        report.Tables.Add(EditParts.Measure(file.Tenants[0], session.Clock));
        return report;
    }

    private async Task<ConfigurationFile> MeasureLoadingAsync(string yamlFile, string data, Report report)
    {
        Session.Say("reading, storing, starting …");
        var clock = session.Clock;
        var startedAt = clock.GetTimestamp();
        var text = await File.ReadAllTextAsync(yamlFile, session.Stop);
        var file = BigConfiguration.Parse(text);
        var read = clock.GetElapsedTime(startedAt);
        await using (var engine = await SqliteEngine.OpenAsync(data, clock, session.Stop))
        {
            foreach (var (scope, result) in await new TenantWriter(engine.Store, allowsLoopback: true, keys: null).ApplyAsync(file, name: null, prune: false, isForced: false, new ChangeAuthor("bench", null), session.Stop))
            {
                if (result is not WriteResult.Done) throw new BenchmarkFailure($"{scope}: {result.Reason}");
            }
        }
        var stored = clock.GetElapsedTime(startedAt);
        var ready = new List<double>();
        for (var run = 0; run < ReadyRuns; run++)
        {
            var openedAt = clock.GetTimestamp();
            await using var edge = await LoadedEdge.StartAsync(data, session);
            ready.Add(clock.GetElapsedTime(openedAt).TotalSeconds);
        }
        var table = new Table($"seconds; the file has {text.Length / 1e6:F1} MB", new("step"), new("s", "F2"));
        table.Add("YAML text to bound and validated", read.TotalSeconds);
        table.Add("validated to stored in SQLite", (stored - read).TotalSeconds);
        table.Add("store to edge ready, first in this process", ready[0]);
        table.Add("YAML text to edge ready", stored.TotalSeconds + ready[0]);
        table.Add($"store to edge ready, median of {ReadyRuns}", Samples.Median(ready));
        report.Tables.Add(table);
        return file;
    }

    private async Task<Table> MeasureEditsAsync(string data)
    {
        var tenants = Math.Min(Edits, _configuration.Tenants);
        await using var edge = await LoadedEdge.StartAsync(data, session);
        var documents = new StoredTenant[tenants];
        for (var i = 0; i < tenants; i++) documents[i] = await edge.ReadAsync(BigConfiguration.Slug(i));
        var (times, writes) = (new List<double>(), new List<double>());
        var cpu = TimeSpan.Zero;
        // The first half is for the runtime to warm up.
        for (var i = 0; i < 2 * Edits; i++)
        {
            if (i == Edits)
            {
                (times, writes) = ([], []);
                cpu = Environment.CpuUsage.TotalTime;
            }
            var startedAt = session.Clock.GetTimestamp();
            documents[i % tenants] = await edge.EditAsync(documents[i % tenants], i);
            writes.Add(session.Clock.GetElapsedTime(startedAt).TotalMilliseconds);
            await edge.Engine.AppliedAsync(documents[i % tenants].Revision);
            times.Add(session.Clock.GetElapsedTime(startedAt).TotalMilliseconds);
        }
        var perEdit = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Edits;
        times.Sort();
        var table = new Table($"one route changed in one tenant, {Edits} edits, one after another", new("cpu_ms_per_edit", "F2"), new("write_p50_ms", "F2"), new("in_force_p50_ms", "F2"), new("in_force_p99_ms", "F2"));
        table.Add(perEdit, Samples.Median(writes), Samples.Percentile(times, 0.5), Samples.Percentile(times, 0.99));
        return table;
    }
}
