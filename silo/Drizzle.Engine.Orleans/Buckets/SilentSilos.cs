using System.Collections.Concurrent;
using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Orleans;

/// <summary>Silos that did not answer a call in time: nobody waits for them until they answer one. Each is asked again and again, by another way each time.</summary>
internal sealed class SilentSilos(LeaseDesks desks, ShardMap shards)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, bool> _silent = new();

    public bool Contains(string silo) => _silent.ContainsKey(silo);

    public void Add(string silo)
    {
        if (_silent.TryAdd(silo, true)) _ = ListenAsync(silo);
    }

    /// <summary>Until it answers, or has lost what it had.</summary>
    private async Task ListenAsync(string silo)
    {
        try
        {
            desks.TryAnotherWay(silo);
            while (shards.IsAnyAt(silo) && !await AnswersAsync(silo)) await TimeProvider.System.PauseAsync(AskEvery, CancellationToken.None);
        }
        finally
        {
            _silent.TryRemove(silo, out _);
        }
    }

    /// <returns>False also for one that is not there any more, and is forgotten.</returns>
    private async Task<bool> AnswersAsync(string silo)
    {
        try
        {
            await desks.CallAsync(silo, desk => desk.NoteRefusalsAsync([]).WaitAsync(Patience, TimeProvider.System), CancellationToken.None);
            return true;
        }
        catch (EngineException e)
        {
            // Where the call failed at once, others know that it is not there.
            if (e.InnerException is not TimeoutException || await IsGoneAsync(silo)) shards.Forget(silo);
            return false;
        }
    }

    private async Task<bool> IsGoneAsync(string silo)
    {
        try
        {
            return await shards.IsAnyGoneFromAsync(silo);
        }
        catch (EngineException)
        {
            return false;
        }
    }
}
