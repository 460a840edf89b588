using System.Runtime.CompilerServices;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Sql.Documents;

/// <summary>A feed over documents that can be read by revision: once at its start, and after each commit that it is told of.</summary>
/// <param name="readSince">Everything since a position, as one consistent state of the database.</param>
internal sealed class ConfigFeed(Func<ConfigPosition, CancellationToken, ValueTask<ConfigBatch>> readSince, Signal commits) : IConfigFeed
{
    public async IAsyncEnumerable<ConfigBatch> SubscribeAsync(ConfigPosition since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var position = since;
        var isFirst = true;
        await foreach (var batch in commits.FollowAsync(stop => readSince(position, stop), cancellation))
        {
            if (!isFirst && batch.Changes.Count == 0 && batch.Position == position) continue;
            isFirst = false;
            position = batch.Position;
            yield return batch;
        }
    }
}
