using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Silo.Buckets;

namespace Drizzle.Silo.Configuration;

/// <summary>
/// Writes one tenant's document, one change after the other. The document, its revision and its place in the feed are one transaction, so that they never
/// disagree; a second activation of this grain would be refused there like any other stale writer.
/// </summary>
[GrainType("drizzle.tenant")]
internal sealed class TenantGrain(IEngine database, SiloClock clock) : Grain, ITenantGrain
{
    // Only a restored backup could take revisions back, and not so soon.
    private const long Remembers = 1_000_000_000;

    private (long Revision, long At) _known;

    public async Task<WriteOutcomeWire> WriteAsync(long expected, TenantDocument? document, ChangeAuthor author)
    {
        // Of many who write at once all but one are stale, and the database need not be asked for each.
        if (expected < _known.Revision && clock.Now() - _known.At < Remembers) return WriteOutcomeWire.Of(new WriteOutcome.Stale(_known.Revision));
        var outcome = await database.Store.WriteTenantAsync(this.GetPrimaryKeyString(), expected, document, author, CancellationToken.None);
        // The configuration grain hears of it from the database, as of what is written in any other way.
        _known = outcome switch
        {
            WriteOutcome.Written written when document is not null => (written.Revision, clock.Now()),
            WriteOutcome.Stale stale => (stale.Actual, clock.Now()),
            _ => default,
        };
        return WriteOutcomeWire.Of(outcome);
    }
}
