using Drizzle.Conformance;
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
        for (var i = 0; i < silos; i++) _silos.Add(SiloOver(_database));
        return await StartAsync(_database, cancellation);
    }

    /// <summary>The silos are asked to end, and others begin.</summary>
    public async Task<IEngine> ReopenAsync(CancellationToken cancellation)
    {
        if (_engine is not null) await _engine.DisposeAsync();
        foreach (var silo in _silos)
        {
            await silo.Program.TerminateAsync();
            Assert.AreEqual(0, await silo.Program.ExitAsync(), silo.Program.Error);
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
        await Hosting.Eventually.TrueAsync("the silos answer", async () => await IsThereAsync(_engine, cancellation));
        return _engine;
    }

    private static async Task<bool> IsThereAsync(OrleansEngine engine, CancellationToken cancellation)
    {
        try
        {
            await engine.Traffic.ReadAsync("nobody", cancellation);
            return true;
        }
        catch (EngineException)
        {
            return false;
        }
    }

    private static RoleProcess SiloOver(string database)
    {
        var (port, gateway, operations) = (FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
        return new RoleProcess("silo", new Dictionary<string, string>
        {
            ["Drizzle__Engine"] = "orleans", ["Drizzle__Postgres"] = database, ["Drizzle__Silo__Port"] = $"{port}", ["Drizzle__Silo__Gateway"] = $"{gateway}",
            ["Drizzle__Silo__Operations"] = $"http://127.0.0.1:{operations}",
        }, operations, operations);
    }
}
