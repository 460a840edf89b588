using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Silo.Buckets;

/// <summary>Being active, it holds a shard for this silo.</summary>
[KeepAlive, ShardPlacement]
internal sealed class BucketShardGrain(ShardRegistry registry, Membership members) : Grain, IBucketShardGrain
{
    private int Number => (int)this.GetPrimaryKeyLong();

    public override Task OnActivateAsync(CancellationToken cancellationToken) => CallFailures.AsSentenceAsync(() => registry.OpenAsync(Number, cancellationToken));

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            await registry.CloseAsync(Number, cancellationToken);
        }
        catch (EngineException)
        {
            // The next owner waits until what was granted here must have expired.
        }
    }

    /// <exception cref="Orleans.Runtime.OrleansException">Another activation has taken the shard over.</exception>
    public Task<string> WhereAsync()
    {
        if (registry.Find(Number) is not null) return Task.FromResult(members.Self);
        DeactivateOnIdle();
        throw new Orleans.Runtime.OrleansException($"Shard {Number} was given to another silo.");
    }

    public Task LeaveAsync()
    {
        MigrateOnIdle();
        return Task.CompletedTask;
    }
}
