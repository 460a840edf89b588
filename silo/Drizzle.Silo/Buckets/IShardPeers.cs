using Drizzle.Contracts.Ports;

namespace Drizzle.Silo.Buckets;

/// <summary>What silos say to each other about shards. Any of these may fail though it was done.</summary>
internal interface IShardPeers
{
    /// <summary>This silo, as <c>address:port@generation</c>.</summary>
    string Self { get; }

    /// <summary>As <see cref="ShardRegistry.HandOverAsync"/> of another silo, to this one.</summary>
    /// <exception cref="EngineException">It does not answer.</exception>
    Task<byte[]?> HandOverAsync(string silo, int shard, long epoch);

    /// <summary>As <see cref="ShardRegistry.SettleAsync"/> of another silo.</summary>
    /// <exception cref="EngineException">It does not answer.</exception>
    Task<bool> SettleAsync(string silo, int shard, long epoch);
}
