using System.Collections.Concurrent;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Engine.Orleans;

/// <summary>
/// The lease desks of all silos, each called by a key that is answered. Orleans' client sends the calls of a key by way of one silo, which the key's hash chooses, and keeps
/// to it whether that silo answers or not.
/// </summary>
internal sealed class LeaseDesks(SiloConnection silos)
{
    // By silo; of those that are not here it is 0.
    private readonly ConcurrentDictionary<string, int> _ways = new();

    /// <summary>What is not answered in time goes by another key the next time.</summary>
    /// <exception cref="EngineException">The silo does not answer, or refuses.</exception>
    public async ValueTask<T> CallAsync<T>(string silo, Func<ILeaseDeskGrain, Task<T>> call, CancellationToken cancellation)
    {
        var way = _ways.GetValueOrDefault(silo);
        try
        {
            return await silos.CallAsync(grains => call(grains.GetGrain<ILeaseDeskGrain>(LeaseDeskKey.Of(silo, way))), cancellation);
        }
        catch (EngineException e) when (e.InnerException is TimeoutException)
        {
            TryAnother(silo, way);
            throw;
        }
    }

    /// <exception cref="EngineException">The silo does not answer, or refuses.</exception>
    public async ValueTask CallAsync(string silo, Func<ILeaseDeskGrain, Task> call, CancellationToken cancellation) => await CallAsync(
        silo,
        async desk =>
        {
            await call(desk);
            return true;
        },
        cancellation);

    /// <summary>It is not there any more.</summary>
    public void Forget(string silo) => _ways.TryRemove(silo, out _);

    private void TryAnother(string silo, int than) => _ways.AddOrUpdate(silo, (than + 1) % LeaseDeskKey.Ways, (_, way) => way == than ? (than + 1) % LeaseDeskKey.Ways : way);
}
