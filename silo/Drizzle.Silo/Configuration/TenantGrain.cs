using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Silo.Configuration;

/// <summary>
/// Writes one tenant's document, one change after the other. The document, its revision and its place in the feed are one transaction, so that they never
/// disagree; a second activation of this grain would be refused there like any other stale writer.
/// </summary>
internal sealed class TenantGrain(IEngine database) : Grain, ITenantGrain
{
    public async Task<WriteOutcomeWire> WriteAsync(long expected, TenantDocument? document, ChangeAuthor author)
    {
        // The configuration grain hears of it from the database, as of what is written in any other way.
        return WriteOutcomeWire.Of(await database.Store.WriteTenantAsync(this.GetPrimaryKeyString(), expected, document, author, CancellationToken.None));
    }
}
