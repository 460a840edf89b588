using System.Security.Cryptography;
using System.Text;
using Drizzle.Benchmarks.Machine;
using Drizzle.Benchmarks.Output;
using Drizzle.Benchmarks.Routes;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql;
using Drizzle.Testing;

namespace Drizzle.Benchmarks;

/// <summary>What requests notice of edits, and what many edits leave behind.</summary>
internal sealed class EditsBenchmark(Session session)
{
    private const string Key = "drz_0123456789abcdef0123456789abcdef";
    private const int PerSecond = 10;

    private readonly int _tenants = session.Options.Tenants ?? 500;
    private readonly int _connections = session.Options.Connections ?? 8;
    private readonly int _edits = session.Options.Edits ?? 10_000;
    private readonly TimeSpan _time = TimeSpan.FromSeconds(session.Options.Seconds ?? 20);

    public async Task<Report> RunAsync()
    {
        var report = new Report(
            "edits",
            $"requests over {_connections} connections, closed loop, through an edge with {_tenants * BigConfiguration.RoutesPerTenant} routes, while one route after another is edited; edge, store, origin and clients in this process",
            $"./drizzle bench edits --tenants {_tenants} --secs {_time.TotalSeconds:F0} --edits {_edits} -c {_connections}");
        using var folder = new TestFolder();
        await using var origin = new RawOrigin();
        Session.Say("storing and starting …");
        await StoreAsync(folder.Path, new BigConfiguration(_tenants, origin.Url));
        await using var edge = await LoadedEdge.StartAsync(folder.Path, session);
        var documents = new StoredTenant[_tenants];
        for (var i = 0; i < _tenants; i++) documents[i] = await edge.ReadAsync(BigConfiguration.Slug(i));

        report.Tables.Add(await MeasureRequestsAsync(edge, documents));
        report.Tables.Add(await MeasureMemoryAsync(edge, documents));
        report.Notes.Add($"{PerSecond} edits a second in the second phase; clients, origin and writer take CPU of the same process, so the phases compare with each other, not with other benchmarks.");
        return report;
    }

    private async Task<Table> MeasureRequestsAsync(LoadedEdge edge, StoredTenant[] documents)
    {
        var clients = Enumerable.Range(0, _connections)
            .Select(i => new KeepAliveClient($"GET {BigConfiguration.PathOf(i)} HTTP/1.1\r\nHost: {BigConfiguration.Host(i * 37 % _tenants)}\r\nX-API-Key: {Key}"))
            .ToArray();
        try
        {
            foreach (var client in clients) await client.ConnectAsync(edge.Port);
            var load = new EdgeLoad(clients, session.Clock);
            Session.Say("requests without and with edits …");
            await load.RunAsync(_time / 4, session.Stop);
            var table = EdgeLoad.NewTable();
            EdgeLoad.Add(table, "without edits", await load.RunAsync(_time, session.Stop), _time);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(session.Stop);
            var editing = Task.Run(() => EditSteadilyAsync(edge, documents, enough.Token), session.Stop);
            var during = await load.RunAsync(_time, session.Stop);
            await enough.CancelAsync();
            var edits = await editing;
            EdgeLoad.Add(table, $"with {edits} edits", during, _time);
            return table;
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }

    private async Task<int> EditSteadilyAsync(LoadedEdge edge, StoredTenant[] documents, CancellationToken enough)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond), session.Clock);
        var edits = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(enough))
            {
                documents[edits % _tenants] = await edge.EditAsync(documents[edits % _tenants], edits);
                edits++;
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
        return edits;
    }

    private async Task<Table> MeasureMemoryAsync(LoadedEdge edge, StoredTenant[] documents)
    {
        var table = new Table($"memory after full collections, around {_edits} edits as fast as they go", new("when"), new("managed_mb", "F1"), new("rss_mb", "F0"), new("s", "F1"));
        Add("before", null);
        Session.Say($"{_edits} edits …");
        var startedAt = session.Clock.GetTimestamp();
        for (var i = 0; i < _edits; i++) documents[i % _tenants] = await edge.EditAsync(documents[i % _tenants], i);
        await edge.Engine.AppliedAsync(documents.Max(d => d.Revision));
        Add("after", session.Clock.GetElapsedTime(startedAt).TotalSeconds);
        return table;

        void Add(string when, double? seconds) => table.Add(when, ManagedMemory.Bytes() / 1e6, ProcessTree.Of(Environment.ProcessId).ResidentMegabytes(), seconds);
    }

    private async Task StoreAsync(string data, BigConfiguration configuration)
    {
        var file = BigConfiguration.Parse(configuration.ToYaml());
        var key = new ApiKey { Prefix = Key[..12], Consumer = BigConfiguration.Consumer(0), Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))) };
        var author = new ChangeAuthor("bench", null);
        await using var engine = await SqliteEngine.OpenAsync(data, session.Clock, session.Stop);
        await engine.Store.WritePlatformAsync(0, file.Platform ?? new Platform(), author, session.Stop);
        foreach (var tenant in file.Tenants) await engine.Store.WriteTenantAsync(tenant.Slug, 0, new TenantDocument { Tenant = tenant, Keys = [key] }, author, session.Stop);
    }
}
