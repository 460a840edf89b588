using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Silo.Members;

namespace Drizzle.Silo.Buckets;

/// <summary>Being active, it holds a shard for this silo.</summary>
[GrainType("drizzle.bucket-shard"), KeepAlive, NumberPlacement]
internal sealed class BucketShardGrain(ShardRegistry registry, Membership members) : Grain, IBucketShardGrain
{
    private int Number => (int)this.GetPrimaryKeyLong();

    public override Task OnActivateAsync(CancellationToken cancellationToken) => CallFailures.AsSentenceAsync(() => registry.OpenAsync(Number, cancellationToken));

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Orleans loses sight of a part of all activations whenever a silo ends. What this silo owns it owns all the same, and the next activation finds it.
        if (reason.ReasonCode == DeactivationReasonCode.DirectoryFailure) return;
        try
        {
            await registry.CloseAsync(Number, cancellationToken);
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            // Whoever asks for it next has it given up, and at the end this silo does.
        }
    }

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
        // Once it is closed here, another can go on only with what is written down.
        await CallFailures.AsSentenceAsync(() => registry.CheckAsync(Number));
        MigrateOnIdle();
    }
}
