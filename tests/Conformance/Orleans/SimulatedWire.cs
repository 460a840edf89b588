using System.Collections.Concurrent;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Silo.Buckets;

namespace Drizzle.Conformance.Orleans;

/// <summary>Calls between silos of a simulation, some of which are lost on the way, and of some the answer.</summary>
internal sealed class SimulatedWire(SiloCluster cluster, SiloClock clock, Random random)
{
    private readonly ConcurrentDictionary<string, SimulatedSilo> _silos = new();

    public SiloCluster Cluster => cluster;

    public SiloClock Clock => clock;

    /// <summary>The share that is lost, each way.</summary>
    public double Loss { get; set; }

    public void Join(SimulatedSilo silo) => _silos[silo.Name] = silo;

    /// <exception cref="EngineException">It was lost, or the silo is dead.</exception>
    public async Task<T> CallAsync<T>(string silo, Func<ShardRegistry, Task<T>> call)
    {
        Lose();
        if (!_silos.TryGetValue(silo, out var to) || to.IsDead) throw new EngineException($"The silo {silo} does not answer.");
        var answer = await call(to.Registry);
        Lose();
        return answer;
    }

    private void Lose()
    {
        lock (random)
        {
            if (random.NextDouble() < Loss) throw new EngineException("It was lost.");
        }
    }
}
