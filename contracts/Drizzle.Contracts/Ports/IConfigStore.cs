using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Ports;

/// <summary>A position in the history of one database.</summary>
/// <param name="Epoch">The lineage of the database; another epoch has other revisions.</param>
/// <param name="Revision">Counts commits over all tenants, from 1; 0 is before the first.</param>
public readonly record struct ConfigPosition(string Epoch, long Revision)
{
    public static readonly ConfigPosition Start = new("", 0);
}

/// <summary>A tenant's document and the revision that wrote it.</summary>
public sealed record StoredTenant(long Revision, TenantDocument Document);

/// <summary>The platform's settings and the revision that wrote them; revision 0 where none were ever written.</summary>
public sealed record StoredPlatform(long Revision, Platform Platform);

/// <summary>Who changes something, and why.</summary>
/// <param name="Address">From where, where that is known.</param>
public sealed record ChangeAuthor(string Actor, string? Reason, string? Address = null);

/// <summary>How a write ended.</summary>
public abstract record WriteOutcome
{
    private WriteOutcome() { }

    /// <summary>On disk, as this revision.</summary>
    public sealed record Written(long Revision) : WriteOutcome;

    /// <summary>Nothing was written: the document is at another revision than the writer read.</summary>
    public sealed record Stale(long Actual) : WriteOutcome;

    /// <summary>Nothing was written: a host belongs to another tenant already.</summary>
    public sealed record HostTaken(string Host) : WriteOutcome;
}

/// <summary>One commit in the history.</summary>
/// <param name="Scope">The tenant's slug; empty for the platform.</param>
/// <param name="IsDeletion">Whether the tenant was deleted.</param>
public sealed record RevisionEntry(long Revision, string Scope, bool IsDeletion, string Actor, string? Address, DateTimeOffset At, string? Reason);

/// <summary>Where configuration is kept. A write is refused unless it names the revision that it was read at; what was written is on disk.</summary>
public interface IConfigStore
{
    ValueTask<ConfigPosition> PositionAsync(CancellationToken cancellation);

    /// <returns>Null where there is no such tenant.</returns>
    ValueTask<StoredTenant?> ReadTenantAsync(string slug, CancellationToken cancellation);

    /// <summary>Slugs in ordinal order.</summary>
    ValueTask<IReadOnlyList<string>> ListTenantsAsync(CancellationToken cancellation);

    /// <param name="hosts">Hosts or wildcards, as tenants have them.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The tenant that has the first of them that anybody has; null where nobody has any.</returns>
    ValueTask<string?> FindOwnerAsync(IReadOnlyList<string> hosts, CancellationToken cancellation);

    /// <param name="slug">The tenant.</param>
    /// <param name="expected">The revision read; 0 where the tenant must not exist.</param>
    /// <param name="document">The new document; null deletes the tenant.</param>
    /// <param name="author">Who and why.</param>
    /// <param name="cancellation">Ends the wait; the write may have happened.</param>
    ValueTask<WriteOutcome> WriteTenantAsync(string slug, long expected, TenantDocument? document, ChangeAuthor author, CancellationToken cancellation);

    ValueTask<StoredPlatform> ReadPlatformAsync(CancellationToken cancellation);

    ValueTask<WriteOutcome> WritePlatformAsync(long expected, Platform platform, ChangeAuthor author, CancellationToken cancellation);

    /// <param name="scope">A tenant's slug, empty for the platform, null for all.</param>
    /// <param name="before">Only revisions lower than this.</param>
    /// <param name="most">How many at most, newest first.</param>
    /// <param name="cancellation">Ends the reading.</param>
    ValueTask<IReadOnlyList<RevisionEntry>> ListRevisionsAsync(string? scope, long before, int most, CancellationToken cancellation);

    /// <summary>A tenant as it was when a revision, of whichever scope, had been written.</summary>
    /// <returns>Null where there was no such tenant, or what is left of the history does not reach back so far.</returns>
    ValueTask<StoredTenant?> ReadTenantAtAsync(string slug, long revision, CancellationToken cancellation);

    /// <summary>The platform's settings as they were when a revision had been written.</summary>
    ValueTask<StoredPlatform> ReadPlatformAtAsync(long revision, CancellationToken cancellation);

    /// <summary>Forgets documents and entries that were superseded before a time; what now holds stays.</summary>
    /// <returns>How many revisions were forgotten.</returns>
    ValueTask<long> ForgetRevisionsAsync(DateTimeOffset supersededBefore, CancellationToken cancellation);
}
