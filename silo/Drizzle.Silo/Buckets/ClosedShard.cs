using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql.Postgres;

namespace Drizzle.Silo.Buckets;

/// <summary>A shard from which nothing is granted any more, and that is to be given up once, whoever asks for it.</summary>
internal sealed class ClosedShard(ShardRelease release, ShardReleases releases)
{
    private readonly Lock _asking = new();
    private Task<bool>? _givingUp;

    public long Epoch => release.Epoch;

    /// <returns>False where it was not this silo's any more.</returns>
    /// <exception cref="EngineException">The database does not answer; it can be tried again.</exception>
    public Task<bool> GiveUpAsync()
    {
        lock (_asking) return _givingUp is { IsFaulted: false } ? _givingUp : _givingUp = releases.ReleaseAsync(release);
    }
}
