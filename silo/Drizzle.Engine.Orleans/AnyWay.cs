using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Orleans;

/// <summary>
/// Calls of a grain that is the same by whichever of its keys it is called, which are numbered. Orleans' client sends the calls of a key by way of one silo, which the key's hash chooses, and keeps to it
/// whether that silo answers or not; so where a call fails, the next goes by another number.
/// </summary>
internal sealed class AnyWay(SiloConnection silos)
{
    /// <summary>How many keys there are.</summary>
    public const int Ways = 16;

    private int _way;

    /// <param name="call">Told the number.</param>
    /// <exception cref="EngineException">The silos do not answer, or refuse.</exception>
    public async ValueTask<T> CallAsync<T>(Func<IGrainFactory, int, Task<T>> call, CancellationToken cancellation)
    {
        var way = Volatile.Read(ref _way);
        try
        {
            return await silos.CallAsync(grains => call(grains, way), cancellation);
        }
        catch
        {
            Interlocked.CompareExchange(ref _way, (way + 1) % Ways, way);
            throw;
        }
    }
}
