using System.Collections.Concurrent;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Engine.Orleans;

/// <summary>The lease desks of all silos, each called by a key that is answered.</summary>
internal sealed class LeaseDesks(SiloConnection silos)
{
    private const int MostKnown = 1024;

    private readonly ConcurrentDictionary<string, AnyWay> _ways = new();

    /// <exception cref="EngineException">The silo does not answer, or refuses.</exception>
    public ValueTask<T> CallAsync<T>(string silo, Func<ILeaseDeskGrain, Task<T>> call, CancellationToken cancellation) =>
        WayTo(silo).CallAsync((grains, way) => call(grains.GetGrain<ILeaseDeskGrain>(LeaseDeskKey.Of(silo, way))), cancellation);

    /// <exception cref="EngineException">The silo does not answer, or refuses.</exception>
    public async ValueTask CallAsync(string silo, Func<ILeaseDeskGrain, Task> call, CancellationToken cancellation) => await CallAsync(silo, desk => SiloConnection.DoneAsync(call(desk)), cancellation);

    private AnyWay WayTo(string silo)
    {
        if (_ways.TryGetValue(silo, out var known)) return known;
        // Of silos that have gone nothing has to be kept.
        if (_ways.Count >= MostKnown) _ways.Clear();
        return _ways.GetOrAdd(silo, new AnyWay(silos));
    }
}
