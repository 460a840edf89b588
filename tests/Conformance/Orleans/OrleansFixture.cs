using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Silo;
using Drizzle.Testing;

namespace Drizzle.Conformance.Orleans;

/// <summary>A silo in this process over a database of the test's own, and a client of it.</summary>
/// <param name="isLocal">Whether the members of the cluster are in memory alone, instead of in the database.</param>
public sealed class OrleansFixture(bool isLocal = false) : IEngineFixture
{
    private string? _database;
    private SiloHost? _silo;
    private OrleansEngine? _engine;

    public FakeClock Clock { get; } = new();

    /// <summary>Its connection string.</summary>
    public string Database => _database ?? throw new InvalidOperationException("It was not opened.");

    public async Task<IEngine> OpenAsync(CancellationToken cancellation)
    {
        _database = await Postgres.PostgresFixture.CreateDatabaseAsync();
        return await StartAsync(_database, cancellation);
    }

    public async Task<IEngine> ReopenAsync(CancellationToken cancellation)
    {
        await StopAsync();
        return await StartAsync(Database, cancellation);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<IEngine> StartAsync(string database, CancellationToken cancellation)
    {
        var gateway = FreePort.Next();
        var cluster = new SiloCluster(database, LocalGateway: isLocal ? gateway : null);
        _silo = await SiloHost.OpenAsync(new SiloOptions(cluster) { Port = FreePort.Next(), Gateway = gateway, Operations = "http://127.0.0.1:0", OpensAhead = false }, Clock, cancellation);
        await _silo.StartAsync(cancellation);
        _engine = OrleansEngine.Connect(cluster, Clock);
        await Eventually.TrueAsync(async () => await IsThereAsync(_engine), "the silo answers");
        return _engine;
    }

    private async Task StopAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync();
        if (_silo is null) return;
        await _silo.StopAsync(CancellationToken.None);
        await _silo.DisposeAsync();
    }

    /// <summary>A client whose time stands still: it renews nothing by itself.</summary>
    public static async Task<OrleansEngine> ConnectAsync(SiloCluster cluster)
    {
        var engine = OrleansEngine.Connect(cluster, new FakeClock());
        await Eventually.TrueAsync(async () => await IsThereAsync(engine), "a silo answers");
        return engine;
    }

    /// <summary>Whether a silo answers the client.</summary>
    public static async Task<bool> IsThereAsync(OrleansEngine engine)
    {
        try
        {
            return await engine.Traffic.ReadAsync("nobody", CancellationToken.None) is not null;
        }
        catch (EngineException)
        {
            return false;
        }
    }
}
