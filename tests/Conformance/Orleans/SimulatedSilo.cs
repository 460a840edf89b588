using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Sql;
using Drizzle.Silo.Buckets;
using Drizzle.Silo.Members;

namespace Drizzle.Conformance.Orleans;

/// <summary>What one silo owns of the buckets, over a real database, without Orleans: the others hear it as well as <paramref name="wire"/> lets them.</summary>
internal sealed class SimulatedSilo : IDisposable
{
    // Later than anything, and not too late to add to.
    private const long Never = long.MaxValue / 2;

    private readonly SimulatedWire _wire;
    private long _deadAt = Never;

    private SimulatedSilo(string name, SimulatedWire wire, PostgresEngine engine)
    {
        (Name, _wire) = (name, wire);
        Registry = new ShardRegistry(engine.Shards, new Peers(name, wire), wire.Cluster, wire.Clock);
    }

    public string Name { get; }

    public ShardRegistry Registry { get; }

    public bool IsDead => Volatile.Read(ref _deadAt) != Never;

    /// <param name="port">Of no other silo.</param>
    public static async Task<SimulatedSilo> JoinAsync(SimulatedWire wire, PostgresEngine engine, int port)
    {
        var silo = new SimulatedSilo(await MemberRows.AddAsync(wire.Cluster, port), wire, engine);
        wire.Join(silo);
        return silo;
    }

    /// <summary>It answers nobody any more; who has asked it grants for as long as it may still take itself for alive.</summary>
    public async Task KillAsync()
    {
        Volatile.Write(ref _deadAt, _wire.Clock.Now());
        await MemberRows.DeclareDeadAsync(_wire.Cluster, Name);
    }

    /// <summary>It leaves what it has in the database first.</summary>
    public async Task EndAsync()
    {
        await Registry.CloseAllAsync();
        Volatile.Write(ref _deadAt, _wire.Clock.Now());
        await MemberRows.DeclareDeadAsync(_wire.Cluster, Name);
    }

    /// <returns>False where it could not, which happens.</returns>
    public async Task<bool> TryOpenAsync(int shard)
    {
        try
        {
            await Registry.OpenAsync(shard, CancellationToken.None);
            return true;
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <returns>The answer, and when by the clock of all it was given; null where the shard is not here.</returns>
    public async Task<(LeaseAnswer Answer, long At)?> LeaseAsync(BucketId bucket, BucketRule rule, long want, params GrantReport[] reports)
    {
        var (answers, at) = (new LeaseAnswer[1], 0L);
        var isHere = Registry.Find(BucketShards.Of(bucket)) is { } shard
            && await shard.LeaseAsync("edge", [new(bucket, rule, 1, new(1, want), reports)], [0], answers, () => at = _wire.Clock.Now(), now => now < Volatile.Read(ref _deadAt) + Tenure.Lasts, mayWrite: true);
        return isHere ? (answers[0], at) : null;
    }

    public void Dispose() => Registry.Dispose();

    private sealed class Peers(string self, SimulatedWire wire) : IShardPeers
    {
        public string Self => self;

        public Task<byte[]?> HandOverAsync(string silo, int shard, long epoch) => wire.CallAsync(silo, registry => registry.HandOverAsync(shard, epoch, self));

        public Task<bool> SettleAsync(string silo, int shard, long epoch) => wire.CallAsync(silo, registry => registry.SettleAsync(shard, epoch));
    }
}
