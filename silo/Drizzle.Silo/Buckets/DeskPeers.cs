using Drizzle.Contracts.Ports;
using Drizzle.Silo.Members;

namespace Drizzle.Silo.Buckets;

/// <summary>The other silos, by their lease desks.</summary>
internal sealed class DeskPeers(Membership members) : IShardPeers
{
    public string Self => members.Self;

    public Task<byte[]?> HandOverAsync(string silo, int shard, long epoch) => AskAsync(silo, members.DeskOf(silo).HandOverAsync(shard, epoch, Self));

    public Task<bool> SettleAsync(string silo, int shard, long epoch) => AskAsync(silo, members.DeskOf(silo).SettleAsync(shard, epoch));

    private static async Task<T> AskAsync<T>(string silo, Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new EngineException($"The silo {silo} does not answer: {e.Message}", e);
        }
    }
}
