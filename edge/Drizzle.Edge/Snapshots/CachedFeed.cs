using System.Runtime.CompilerServices;
using Drizzle.Contracts.Ports;

namespace Drizzle.Edge.Snapshots;

/// <summary>A feed that begins with what was kept of it, where that is not older than an edge may be without contact.</summary>
internal sealed class CachedFeed(IConfigFeed feed, ConfigCache cache, TimeSpan? maxStaleness, GatewayState state, TimeProvider clock) : IConfigFeed
{
    public async IAsyncEnumerable<ConfigBatch> SubscribeAsync(ConfigPosition since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (since == ConfigPosition.Start && Usable() is { } kept)
        {
            yield return kept;
            since = kept.Position;
        }
        await foreach (var batch in feed.SubscribeAsync(since, cancellation))
        {
            yield return batch;
            // It is in force by now, or was refused.
            cache.Save(batch);
        }
    }

    private ConfigBatch? Usable()
    {
        if (cache.Load() is not var (batch, age)) return null;
        if (maxStaleness is not { } most) return batch;
        // A clock that was set back says nothing about the age.
        if (age < TimeSpan.Zero || age > most) return null;
        state.ServeUntil(clock.GetTimestamp(), most - age, clock);
        return batch;
    }
}
