using Drizzle.Engine.Orleans.Grains;
using Drizzle.Silo.Members;

namespace Drizzle.Silo.Buckets;

/// <summary>
/// Has its silo own a shard. What that owns it owns whether this is active or not, for Orleans loses sight of a part of all activations whenever a silo ends: until the
/// next activation, wherever it is, has it hand over what it has.
/// </summary>
[GrainType("drizzle.bucket-shard"), KeepAlive, NumberPlacement]
internal sealed class BucketShardGrain(ShardRegistry registry, Membership members) : Grain, IBucketShardGrain
{
    private int Number => (int)this.GetPrimaryKeyLong();

    public override Task OnActivateAsync(CancellationToken cancellationToken) => CallFailures.AsSentenceAsync(() => registry.OpenAsync(Number, cancellationToken));

    /// <exception cref="Orleans.Runtime.OrleansException">Another activation has taken the shard over.</exception>
    public Task<string> WhereAsync()
    {
        if (registry.Find(Number) is not null) return Task.FromResult(members.Self);
        DeactivateOnIdle();
        throw new Orleans.Runtime.OrleansException($"Shard {Number} was given to another silo.");
    }

    public async Task LeaveAsync()
    {
        if (NumberPlacement.Of(Number, members.Staying(members.Active)) == members.Self) return;
        // An activation elsewhere that cannot reach the database could not say where the shard is.
        await CallFailures.AsSentenceAsync(() => registry.CheckAsync(Number));
        MigrateOnIdle();
    }
}
