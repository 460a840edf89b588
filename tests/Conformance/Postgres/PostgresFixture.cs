using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql;
using Drizzle.Testing;

namespace Drizzle.Conformance.Postgres;

/// <summary>A database of the test's own on one server for all of them.</summary>
internal sealed class PostgresFixture : IEngineFixture
{
    private static readonly Lazy<Task<PostgresServer>> Server = new(PostgresServer.StartAsync);

    private string? _database;
    private PostgresEngine? _engine;

    public FakeClock Clock { get; } = new();

    public static async Task StopAsync()
    {
        if (Server.IsValueCreated) await (await Server.Value).DisposeAsync();
    }

    /// <summary>On the server of all tests.</summary>
    public static async Task<string> CreateDatabaseAsync() => await (await Server.Value).CreateDatabaseAsync();

    public async Task<IEngine> OpenAsync(CancellationToken cancellation)
    {
        _database = await CreateDatabaseAsync();
        return _engine = await PostgresEngine.OpenAsync(_database, Clock, cancellation);
    }

    public async Task<IEngine> ReopenAsync(CancellationToken cancellation)
    {
        if (_engine is not null) await _engine.DisposeAsync();
        return _engine = await PostgresEngine.OpenAsync(_database ?? throw new InvalidOperationException("It was not opened."), Clock, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync();
    }
}
