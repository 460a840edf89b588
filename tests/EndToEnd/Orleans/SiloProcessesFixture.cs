using Drizzle.Conformance;
using Drizzle.Conformance.Orleans;
using Drizzle.Contracts.Ports;
using Drizzle.EndToEnd.Hosting;
using Drizzle.Engine.Orleans;
using Drizzle.Testing;

namespace Drizzle.EndToEnd.Orleans;

/// <summary>Silos that are processes, over a database of the test's own, and a client of them.</summary>
internal sealed class SiloProcessesFixture(int silos) : IEngineFixture
{
    private static readonly Lazy<Task<PostgresServer>> Server = new(PostgresServer.StartAsync);

    private readonly List<RoleProcess> _silos = [];
    private OrleansEngine? _engine;
    private string? _database;

    public FakeClock Clock => throw new InvalidOperationException("Processes go by the real time.");

    public static async Task StopAsync()
    {
        if (Server.IsValueCreated) await (await Server.Value).DisposeAsync();
    }

    public async Task<IEngine> OpenAsync(CancellationToken cancellation)
    {
        _database = await (await Server.Value).CreateDatabaseAsync();
        Dictionary<string, string> shared = new() { ["Drizzle__Engine"] = "orleans", ["Drizzle__Postgres"] = _database };
        for (var i = 0; i < silos; i++) _silos.Add(Cluster.MakeSilo(shared));
        return await StartAsync(_database, cancellation);
    }

    /// <summary>The silos are asked to end, and others begin.</summary>
    public async Task<IEngine> ReopenAsync(CancellationToken cancellation)
    {
        if (_engine is not null) await _engine.DisposeAsync();
        foreach (var silo in _silos)
        {
            await silo.EndAsync();
            await silo.Program.DisposeAsync();
        }
        return await StartAsync(_database ?? throw new InvalidOperationException("It was not opened."), cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync();
        foreach (var silo in _silos) await silo.DisposeAsync();
    }

    private async Task<IEngine> StartAsync(string database, CancellationToken cancellation)
    {
        await Task.WhenAll(_silos.Select(silo => silo.StartAsync()));
        _engine = await OrleansEngine.OpenAsync(new SiloCluster(database), TimeProvider.System, cancellation);
        await Hosting.Eventually.TrueAsync("the silos answer", () => OrleansFixture.IsThereAsync(_engine));
        return _engine;
    }
}
