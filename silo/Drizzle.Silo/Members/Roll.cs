using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Sql.Postgres;

namespace Drizzle.Silo.Members;

/// <summary>
/// The table in the database by which silos are members. Orleans keeps it where silos find each other by it; where this one is told to be the only one, it stands
/// there by its own word, so that no other takes its buckets while it is well. The two ways do not go together.
/// </summary>
internal sealed class Roll(PostgresShards shards, Membership members, SiloCluster cluster)
{
    // Longer than one that was the only one and was killed seems to be there, by the clock of the database.
    private const int MostTries = 20;
    private static readonly TimeSpan TryEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestLeaving = TimeSpan.FromSeconds(2);

    /// <summary>Whether this silo is to be the only one.</summary>
    public bool IsAlone => cluster.LocalGateway is not null;

    /// <summary>Before this silo starts.</summary>
    /// <exception cref="EngineException">A silo is at work in the database beside which this one must not be, or the database does not answer.</exception>
    public async Task EnterAsync(CancellationToken cancellation)
    {
        for (var tries = 1; await TryEnterAsync(cancellation) is { } other; tries++)
        {
            if (tries == MostTries) throw new EngineException($"The silo {other} is at work in this database, and with Drizzle__Silo__Clustering=localhost there is only one. End it first, or start both without.");
            await TimeProvider.System.PauseAsync(TryEvery, cancellation);
        }
    }

    /// <summary>Keeps the place of this silo while it starts, which may take longer than it seems to be there.</summary>
    public async Task KeepWhileAsync(Task starting, CancellationToken cancellation)
    {
        while (IsAlone && !starting.IsCompleted)
        {
            try
            {
                await shards.RenewAloneAsync(members.Self, cluster.Cluster, cancellation);
            }
            catch (EngineException)
            {
                // It is tried again.
            }
            await Task.WhenAny(starting, TimeProvider.System.PauseAsync(TryEvery, cancellation));
        }
        await starting;
    }

    /// <summary>Whether nobody has declared this silo dead.</summary>
    /// <exception cref="EngineException">The database does not answer.</exception>
    public ValueTask<bool> IsMemberAsync(CancellationToken cancellation) =>
        IsAlone ? shards.RenewAloneAsync(members.Self, cluster.Cluster, cancellation) : shards.IsMemberAsync(members.Self, cluster.Cluster, cancellation);

    /// <summary>After this silo has ended.</summary>
    public async Task LeaveAsync()
    {
        if (!IsAlone) return;
        try
        {
            using var patience = new CancellationTokenSource(LongestLeaving, TimeProvider.System);
            await shards.LeaveAloneAsync(members.Self, cluster.Cluster, patience.Token);
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            // The next one waits until it seems to be gone.
        }
    }

    private ValueTask<string?> TryEnterAsync(CancellationToken cancellation) =>
        IsAlone ? shards.EnterAloneAsync(members.Self, cluster.Cluster, cancellation) : shards.EnterAmongAsync(cluster.Cluster, cancellation);
}
