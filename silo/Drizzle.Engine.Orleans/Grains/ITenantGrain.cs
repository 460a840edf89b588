using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Orleans.Grains;

/// <summary>The single writer of one tenant's document; the key is the slug.</summary>
[Alias("drizzle.tenant"), Version(1)]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>As <see cref="IConfigStore.WriteTenantAsync"/>: on disk, with its place in the feed, before it is answered.</summary>
    [Alias("write"), ResponseTimeout("00:00:15")]
    Task<WriteOutcomeWire> WriteAsync(long expected, TenantDocument? document, ChangeAuthor author);
}
