using Drizzle.Contracts.Ports;
using Drizzle.Testing;

namespace Drizzle.Conformance;

/// <summary>Makes the engine that a test runs against; all that an engine adds to this suite. Disposing closes the engine and removes its state.</summary>
public interface IEngineFixture : IAsyncDisposable
{
    /// <summary>The engine's time.</summary>
    FakeClock Clock { get; }

    /// <summary>Opens an engine without any state.</summary>
    Task<IEngine> OpenAsync(CancellationToken cancellation);

    /// <summary>Closes the engine and opens another on the same state.</summary>
    Task<IEngine> ReopenAsync(CancellationToken cancellation);
}
