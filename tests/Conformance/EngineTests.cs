using Drizzle.Contracts.Ports;
using Drizzle.Testing;

namespace Drizzle.Conformance;

/// <summary>A test with an engine of its own.</summary>
public abstract class EngineTests(IEngineFixture fixture)
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(90));
    private IEngine? _engine;

    protected IEngine Engine => _engine ?? throw new InvalidOperationException("The engine is not open.");

    protected FakeClock Clock => fixture.Clock;

    /// <summary>Ends what would wait for ever.</summary>
    protected CancellationToken Stop => _patience.Token;

    [TestInitialize]
    public async Task OpenAsync() => _engine = await fixture.OpenAsync(Stop);

    [TestCleanup]
    public async Task CloseAsync()
    {
        await fixture.DisposeAsync();
        _patience.Dispose();
    }

    protected async Task ReopenAsync() => _engine = await fixture.ReopenAsync(Stop);
}
