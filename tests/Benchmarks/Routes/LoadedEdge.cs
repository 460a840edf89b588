using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Values;
using Drizzle.Edge;
using Drizzle.Engine.Sql;

namespace Drizzle.Benchmarks.Routes;

/// <summary>An edge of this process over a data folder.</summary>
internal sealed class LoadedEdge : IAsyncDisposable
{
    private static readonly ChangeAuthor Author = new("bench", null);

    private readonly EdgeHost _host;
    private readonly Session _session;

    private LoadedEdge(ObservedEngine engine, EdgeHost host, Session session)
    {
        Engine = engine;
        _host = host;
        _session = session;
    }

    public ObservedEngine Engine { get; }

    public int Port => new Uri(_host.GatewayAddresses.First()).Port;

    public static async Task<LoadedEdge> StartAsync(string data, Session session) => await StartAsync(await SqliteEngine.OpenAsync(data, session.Clock, session.Stop), session);

    /// <param name="inner">Ends with this.</param>
    public static async Task<LoadedEdge> StartAsync(IEngine inner, Session session)
    {
        var engine = new ObservedEngine(inner);
        var host = EdgeHost.Create(new EdgeOptions { Http = "http://127.0.0.1:0", Operations = "http://127.0.0.1:0" }, engine, session.Clock);
        await host.StartAsync(session.Stop);
        return new LoadedEdge(engine, host, session);
    }

    public async Task<StoredTenant> ReadAsync(string slug) =>
        await Engine.Store.ReadTenantAsync(slug, _session.Stop) ?? throw new BenchmarkFailure($"There is no tenant {slug}.");

    /// <summary>Writes a document over the one that was read.</summary>
    public async Task<StoredTenant> WriteAsync(StoredTenant read, TenantDocument document) =>
        await Engine.Store.WriteTenantAsync(document.Tenant.Slug, read.Revision, document, Author, _session.Stop) is WriteOutcome.Written written
            ? new StoredTenant(written.Revision, document)
            : throw new BenchmarkFailure($"The edit of {document.Tenant.Slug} was refused.");

    /// <summary>Changes one route of the tenant.</summary>
    public Task<StoredTenant> EditAsync(StoredTenant read, int number)
    {
        var tenant = read.Document.Tenant;
        var routes = tenant.Routes.ToArray();
        var at = number % routes.Length;
        routes[at] = routes[at] with { Cost = 1 + (number % 3), MaxBody = new ByteSize(1_000_000 + number) };
        return WriteAsync(read, read.Document with { Tenant = tenant with { Routes = routes.ToValueList() } });
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DrainAsync(CancellationToken.None);
        await _host.DisposeAsync();
        await Engine.DisposeAsync();
    }
}
