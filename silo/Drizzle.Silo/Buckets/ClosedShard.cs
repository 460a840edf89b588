using System.Text.Json;
using Drizzle.Contracts.Ports;

namespace Drizzle.Silo.Buckets;

/// <summary>A shard from which nothing is granted any more, and that is to be given up once, whoever asks for it.</summary>
internal sealed class ClosedShard(int number, long epoch, HandedShard handed, ShardReleases releases)
{
    private readonly Lock _asking = new();
    private Task<bool>? _givingUp;

    public long Epoch => epoch;

    /// <returns>False where it was not this silo's any more.</returns>
    /// <exception cref="EngineException">The database does not answer; it can be tried again.</exception>
    public Task<bool> GiveUpAsync()
    {
        lock (_asking) return _givingUp is { IsFaulted: false } ? _givingUp : _givingUp = Task.Run(ReleaseAsync);
    }

    private Task<bool> ReleaseAsync() => releases.ReleaseAsync(new(number, epoch, handed.IsEmpty ? null : JsonSerializer.SerializeToUtf8Bytes(handed, HandedShardJson.Default.HandedShard)));
}
