using System.Runtime.CompilerServices;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Sql.Documents;

/// <summary>A feed over documents that can be read by revision: once at its start, and after each commit that it is told of.</summary>
/// <param name="readSince">Everything since a position, as one consistent state of the database.</param>
internal sealed class ConfigFeed(Func<ConfigPosition, CancellationToken, ValueTask<ConfigBatch>> readSince, CommitSignal commits) : IConfigFeed
{
    public async IAsyncEnumerable<ConfigBatch> SubscribeAsync(ConfigPosition since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Listening begins before the first read, so that no commit falls between the two.
        var wakes = commits.Listen();
        try
        {
            var first = await readSince(since, cancellation);
            yield return first;
            var position = first.Position;
            await foreach (var _ in wakes.Reader.ReadAllAsync(cancellation))
            {
                var batch = await readSince(position, cancellation);
                if (batch.Changes.Count == 0 && batch.Position == position) continue;
                position = batch.Position;
                yield return batch;
            }
        }
        finally
        {
            commits.Leave(wakes);
        }
    }
}
