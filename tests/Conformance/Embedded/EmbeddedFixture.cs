using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql;
using Drizzle.Testing;

namespace Drizzle.Conformance.Embedded;

internal sealed class EmbeddedFixture : IEngineFixture
{
    private readonly TestFolder _folder = new();
    private SqliteEngine? _engine;

    public FakeClock Clock { get; } = new();

    public async Task<IEngine> OpenAsync(CancellationToken cancellation) =>
        _engine = await SqliteEngine.OpenAsync(_folder.Path, Clock, cancellation);

    public async Task<IEngine> ReopenAsync(CancellationToken cancellation)
    {
        if (_engine is not null) await _engine.DisposeAsync();
        return await OpenAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync();
        _folder.Dispose();
    }
}
