using System.Collections.Concurrent;
using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Orleans;

/// <summary>Silos that did not answer a call in time, for which nobody waits meanwhile: one that is slow, until that call has ended; one that says nothing at all, until it answers by another way.</summary>
internal sealed class SilentSilos(LeaseDesks desks, ShardMap shards)
{
    /// <summary>What a silo has not answered by then is not waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, bool> _silent = new();

    public bool Contains(string silo) => _silent.ContainsKey(silo);

    /// <param name="late">The call that it did not answer.</param>
    public void Add(string silo, Task late)
    {
        if (_silent.TryAdd(silo, true)) _ = ListenAsync(silo, late);
    }

    private async Task ListenAsync(string silo, Task late)
    {
        try
        {
            if (await AnswersAsync(silo)) await late.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else await FindWayAsync(silo);
        }
        finally
        {
            _silent.TryRemove(silo, out _);
        }
    }

    /// <summary>Until it answers, or others have what it had.</summary>
    private async Task FindWayAsync(string silo)
    {
        // Whoever is asked about it may be as silent, so nothing waits for that.
        var gone = IsGoneAsync(silo);
        while (shards.IsAnyAt(silo) && !await AnswersAsync(silo))
        {
            await TimeProvider.System.PauseAsync(AskEvery, CancellationToken.None);
            if (!gone.IsCompleted) continue;
            if (await gone) shards.Forget(silo);
            gone = IsGoneAsync(silo);
        }
    }

    /// <summary>By the way that is known; where it does not, the next time by another.</summary>
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
            if (e.InnerException is not TimeoutException) shards.Forget(silo);
            return false;
        }
    }

    private async Task<bool> IsGoneAsync(string silo)
    {
        try
        {
            return await shards.IsGoneAsync(silo);
        }
        catch (EngineException)
        {
            return false;
        }
    }
}
