using System.Collections.Concurrent;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Sql.Postgres;

namespace Drizzle.Silo.Buckets;

/// <summary>
/// The shards of this silo. Which silo owns a shard, and as which epoch, is decided by one row in the database alone: an activation that Orleans made twice
/// finds there that another has it, and has that one hand it over. Until it does, that one goes on.
/// </summary>
internal sealed class ShardRegistry(PostgresShards shards, IShardPeers peers, SiloCluster cluster, SiloClock clock) : IDisposable
{
    // A silo that begins claims hundreds.
    private const int MostClaimsAtOnce = 4;

    // Longer than a call between silos takes at most, and its successor to ask again.
    private const long RepeatsFor = 30_000_000_000;

    private static readonly TimeSpan LongestEntering = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestClosing = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestCheck = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<int, Shard> _open = new();

    // One writes these, and what is open, at a time.
    private readonly Lock _changing = new();
    private readonly Dictionary<int, (ShardOpening Opening, Task Done)> _opening = [];
    private readonly Dictionary<int, HandedOver> _handed = [];
    private readonly SemaphoreSlim _claims = new(MostClaimsAtOnce);
    private readonly CancellationTokenSource _ending = new();
    private bool _isClosed;

    public IEnumerable<Shard> All => _open.Values;

    public Shard? Find(int number) => _open.GetValueOrDefault(number);

    /// <summary>Becomes the owner of a shard, where this silo is not.</summary>
    /// <exception cref="EngineException">The database does not answer, or the one that has it does not, and is not known to be dead.</exception>
    public Task OpenAsync(int number, CancellationToken cancellation)
    {
        lock (_changing)
        {
            if (Find(number) is not null) return Task.CompletedTask;
            ThrowIfEnding(number);
            if (!_opening.TryGetValue(number, out var under))
            {
                var opening = new ShardOpening(number, shards, peers, _claims, cluster.Cluster, clock, _ending.Token);
                under = _opening[number] = (opening, Task.Run(() => RunAsync(opening), CancellationToken.None));
            }
            return under.Done.WaitAsync(cancellation);
        }
    }

    /// <summary>Looks whether the database is there, and still has this silo hold a shard: only then can another take it over.</summary>
    /// <exception cref="EngineException">It does not answer, or another has the shard.</exception>
    public async Task CheckAsync(int number)
    {
        using var patience = new CancellationTokenSource(LongestCheck, TimeProvider.System);
        if (Find(number) is { } shard && !await shards.HoldsAsync(number, shard.Epoch, patience.Token)) throw new EngineException($"Shard {number} was given to another silo.");
    }

    /// <summary>Hands a shard over to the silo that has claimed it after this one; again where that one has not heard the answer.</summary>
    /// <returns>What it goes on with; null where this silo does not hold that epoch, and never will.</returns>
    /// <exception cref="EngineException">This silo ends, and leaves what it has in the database.</exception>
    public async Task<byte[]?> HandOverAsync(int number, long epoch, string to)
    {
        await UntilOpenAsync(number, epoch);
        HandedOver? handed;
        lock (_changing)
        {
            if (!_ending.IsCancellationRequested && Find(number) is { } shard && shard.Epoch == epoch && shard.Close(clock.Now()) is { } what)
            {
                _handed[number] = new(epoch, to, what, clock.Now());
                _open.TryRemove(new(number, shard));
            }
            handed = _handed.GetValueOrDefault(number);
        }
        if (handed?.Epoch == epoch && handed.To == to) return handed.What.Write();
        ThrowIfEnding(number);
        return null;
    }

    /// <summary>Has the database take note that this silo has what its predecessor had, so that another may claim the shard.</summary>
    /// <returns>False where it does not hold that epoch, and never will.</returns>
    /// <exception cref="EngineException">The database does not answer, or this silo ends.</exception>
    public async Task<bool> SettleAsync(int number, long epoch)
    {
        await UntilOpenAsync(number, epoch);
        if (Find(number)?.Epoch != epoch)
        {
            ThrowIfEnding(number);
            return false;
        }
        using var patience = new CancellationTokenSource(LongestCheck, TimeProvider.System);
        await shards.SettleAsync(number, epoch, patience.Token);
        return true;
    }

    /// <summary>Forgets full buckets, and what was handed over long ago.</summary>
    public void Forget()
    {
        var now = clock.Now();
        foreach (var shard in All) shard.Forget(now);
        lock (_changing)
        {
            foreach (var (number, handed) in _handed)
            {
                if (now - handed.At > RepeatsFor) _handed.Remove(number);
            }
        }
    }

    /// <summary>Leaves in the database what is left, and owns nothing any more. Of what it cannot in time the next owners wait until what was granted here must have expired.</summary>
    public async Task CloseAllAsync()
    {
        Task[] opening;
        lock (_changing)
        {
            _ending.Cancel();
            opening = [.. _opening.Values.Select(o => o.Done)];
        }
        await Task.WhenAll(opening).WaitAsync(LongestEntering, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var left = new List<ShardRelease>();
        lock (_changing)
        {
            _isClosed = true;
            foreach (var shard in All)
            {
                if (shard.Close(clock.Now()) is { } handed) left.Add(new(shard.Number, shard.Epoch, handed.IsEmpty ? null : handed.Write()));
            }
            _open.Clear();
        }
        using var patience = new CancellationTokenSource(LongestClosing, TimeProvider.System);
        await new ShardReleases(shards).ReleaseAsync(left, patience.Token);
    }

    public void Dispose()
    {
        _claims.Dispose();
        _ending.Dispose();
    }

    /// <summary>What it is asked for may just be on its way to the database.</summary>
    private void ThrowIfEnding(int number)
    {
        if (_ending.IsCancellationRequested) throw new EngineException($"This silo ends, and leaves shard {number} in the database where it has it.");
    }

    private async Task RunAsync(ShardOpening opening)
    {
        try
        {
            var shard = await opening.RunAsync();
            lock (_changing)
            {
                if (_isClosed) throw new EngineException("This silo ends.");
                _open[opening.Number] = shard;
                _opening.Remove(opening.Number);
            }
            if (opening.HasPredecessor) _ = Task.Run(() => TrySettleAsync(shard));
        }
        catch
        {
            lock (_changing) _opening.Remove(opening.Number);
            throw;
        }
    }

    /// <summary>Where it fails, who claims the shard next has it done.</summary>
    private async Task TrySettleAsync(Shard shard)
    {
        try
        {
            await SettleAsync(shard.Number, shard.Epoch);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The database is away.
        }
    }

    /// <summary>Until the epoch, of which the database has heard, is held here, or never will be.</summary>
    private async Task UntilOpenAsync(int number, long epoch)
    {
        (ShardOpening Opening, Task Done) under;
        lock (_changing)
        {
            if (!_opening.TryGetValue(number, out under)) return;
        }
        try
        {
            if (await under.Opening.EpochAsync() == epoch) await under.Done;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It never will be.
        }
    }

    private sealed record HandedOver(long Epoch, string To, HandedShard What, long At);
}
