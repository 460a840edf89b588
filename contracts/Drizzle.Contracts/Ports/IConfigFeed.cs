using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Ports;

/// <summary>One document as it now is.</summary>
/// <param name="Revision">The revision that wrote it.</param>
/// <param name="Slug">The tenant; empty for the platform.</param>
public abstract record ConfigChange(long Revision, string Slug)
{
    public sealed record TenantWritten(long Revision, string Slug, TenantDocument Document) : ConfigChange(Revision, Slug);

    public sealed record TenantDeleted(long Revision, string Slug) : ConfigChange(Revision, Slug);

    public sealed record PlatformWritten(long Revision, Platform Platform) : ConfigChange(Revision, "");

    /// <summary>The engine itself could not read the document: its last good form stays in force.</summary>
    public sealed record Unreadable(long Revision, string Slug, string Reason) : ConfigChange(Revision, Slug);
}

/// <summary>Changes that bring an edge from where it was to <paramref name="Position"/>.</summary>
/// <param name="Position">Where the edge is when it has applied them.</param>
/// <param name="IsWhole">Whether this is the whole state: what is not in it does not exist.</param>
public sealed record ConfigBatch(ConfigPosition Position, bool IsWhole, IReadOnlyList<ConfigChange> Changes);

/// <summary>Pushes changes to an edge.</summary>
public interface IConfigFeed
{
    /// <summary>
    /// First one batch with everything since <paramref name="since"/> (the whole state where the epoch is another or the revision is ahead of
    /// the store), then a batch for each commit or run of commits, without end.
    /// </summary>
    IAsyncEnumerable<ConfigBatch> SubscribeAsync(ConfigPosition since, CancellationToken cancellation);
}
