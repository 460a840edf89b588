using Drizzle.Benchmarks.Machine;
using Drizzle.Benchmarks.Output;
using Drizzle.Benchmarks.Routes;
using Drizzle.Benchmarks.Targets;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql;
using Drizzle.Testing;

namespace Drizzle.Benchmarks;

/// <summary>How soon a change is in force on ten edges that share a PostgreSQL, and how soon an edge with much configuration starts from nothing.</summary>
internal sealed class PushBenchmark(Session session)
{
    private const int Edges = 10;
    private const int RoutesEach = 50;
    private const int FewTenants = 20;

    private static readonly ChangeAuthor Author = new("bench", null);

    private readonly int _changes = session.Options.Edits ?? 1000;
    private readonly int _tenants = session.Options.Tenants ?? 1000;
    private readonly int _runs = session.Options.Runs ?? 3;

    public async Task<Report> RunAsync()
    {
        var report = new Report(
            "push",
            $"{Edges} edges in this process over one PostgreSQL that runs beside it, each with a connection pool of its own",
            $"./drizzle bench push --edits {_changes} --tenants {_tenants} --runs {_runs}");
        await using var server = await PostgresServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using (var writer = await PostgresEngine.OpenAsync(database, session.Clock, session.Stop)) report.Tables.Add(await MeasureChangesAsync(writer.Store, () => PostgresEngine.Connect(database, session.Clock)));
        report.Tables.Add(await MeasureStartsAsync(await server.CreateDatabaseAsync()));
        return report;
    }

    /// <param name="store">Of an engine without any state.</param>
    /// <param name="connect">One more edge's part of it.</param>
    public async Task<Table> MeasureChangesAsync(IConfigStore store, Func<IEngine> connect)
    {
        Session.Say("starting edges …");
        await StoreAsync(store, FewTenants);
        var edges = new List<LoadedEdge>();
        try
        {
            for (var i = 0; i < Edges; i++) edges.Add(await LoadedEdge.StartAsync(connect(), session));
            Session.Say("changing …");
            var (sinceSent, sinceWritten) = (new List<double>(), new List<double>());
            for (var i = 0; i < _changes; i++)
            {
                var read = await edges[0].ReadAsync(BigConfiguration.Slug(i % FewTenants));
                var sentAt = session.Clock.GetTimestamp();
                var written = await edges[0].EditAsync(read, i);
                var writtenAt = session.Clock.GetTimestamp();
                await Task.WhenAll(edges.Select(e => e.Engine.AppliedAsync(written.Revision)));
                sinceSent.Add(session.Clock.GetElapsedTime(sentAt).TotalMilliseconds);
                sinceWritten.Add(session.Clock.GetElapsedTime(writtenAt).TotalMilliseconds);
            }
            var table = new Table($"milliseconds until a change is in force on all {Edges}, {_changes} changes one after another", new("since"), new("p50_ms", "F1"), new("p99_ms", "F1"), new("most_ms", "F1"));
            Add(table, "the write was sent", sinceSent);
            Add(table, "the commit was acknowledged", sinceWritten);
            return table;
        }
        finally
        {
            foreach (var edge in edges) await edge.DisposeAsync();
        }
    }

    private async Task<Table> MeasureStartsAsync(string database)
    {
        Session.Say($"storing {_tenants} tenants …");
        await using (var writer = await PostgresEngine.OpenAsync(database, session.Clock, session.Stop)) await StoreAsync(writer.Store, _tenants);
        var times = new List<double>();
        for (var run = 0; run < _runs; run++)
        {
            times.Add(await MeasureStartAsync(database));
            Session.Say($"start {run + 1} of {_runs}: {times[^1]:F0} ms");
        }
        var table = new Table($"milliseconds from starting the process drizzle edge to ready, {_tenants} tenants of {RoutesEach} routes", new("median_ms", "F0"), new("least_ms", "F0"), new("most_ms", "F0"));
        table.Add(Samples.Median(times), times.Min(), times.Max());
        return table;
    }

    private async Task<double> MeasureStartAsync(string database)
    {
        var ports = Ports.Free(2);
        var environment = DotNetSettings.Edge(database, ports, isOneCore: false);
        using var client = new HttpClient();
        var startedAt = session.Clock.GetTimestamp();
        await using var edge = ChildProcess.Start((Installation.Drizzle(), ["edge"]), environment);
        while (!await IsReadyAsync(client, new Uri($"http://127.0.0.1:{ports[1]}/readyz")))
        {
            if (edge.HasEnded) throw new BenchmarkFailure($"drizzle edge ended: {edge.Said()}");
            await session.PauseAsync(TimeSpan.FromMilliseconds(10));
        }
        return session.Clock.GetElapsedTime(startedAt).TotalMilliseconds;
    }

    private async Task<bool> IsReadyAsync(HttpClient client, Uri url)
    {
        try
        {
            using var answer = await client.GetAsync(url, session.Stop);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task StoreAsync(IConfigStore store, int tenants)
    {
        var file = BigConfiguration.Parse(new BigConfiguration(tenants, "http://127.0.0.1:9") { RoutesEach = RoutesEach }.ToYaml());
        if (file.Platform is { } platform) await store.WritePlatformAsync(0, platform, Author, session.Stop);
        foreach (var tenant in file.Tenants) await store.WriteTenantAsync(tenant.Slug, 0, new TenantDocument { Tenant = tenant }, Author, session.Stop);
    }

    private static void Add(Table table, string since, List<double> times)
    {
        times.Sort();
        table.Add(since, Samples.Percentile(times, 0.5), Samples.Percentile(times, 0.99), times[^1]);
    }
}
