using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Ports;

/// <summary>A revision that an edge would not apply; the last good one stays in force.</summary>
public sealed record RefusedRevision(long Revision, string Scope, string Reason);

/// <summary>What an edge says of itself.</summary>
/// <param name="Id">Unique among the edges that run; one that is started again may have it again.</param>
/// <param name="Applied">The last revision whose changes are all in force or refused.</param>
/// <param name="MaxStaleness">After how long without contact it stops serving; never when null.</param>
public sealed record EdgeReport(
    string Id, string Version, string Address, DateTimeOffset StartedAt, ConfigPosition Applied, ValueList<RefusedRevision> Refused, TimeSpan? MaxStaleness = null);

/// <param name="Report">As last heard.</param>
/// <param name="SeenAt">When, by the registry's clock.</param>
/// <param name="SilentFor">How long ago that was.</param>
/// <param name="AppliedAt">When it was first heard that it has applied what it has applied.</param>
/// <param name="IsDisputed">Whether an edge that started earlier says that it has this id too: nothing is known of that one.</param>
public sealed record EdgeStatus(EdgeReport Report, DateTimeOffset SeenAt, TimeSpan SilentFor, DateTimeOffset AppliedAt, bool IsDisputed)
{
    /// <summary>An edge is heard of every 5 s; after three times that it is not counted on.</summary>
    public static readonly TimeSpan LiveFor = TimeSpan.FromSeconds(15);

    /// <summary>An edge that fell silent may still serve, so it stays listed for long.</summary>
    public static readonly TimeSpan ListedFor = TimeSpan.FromHours(1);

    public bool IsLive => SilentFor <= LiveFor;

    /// <summary>Whether it may still serve: one that stops by itself when it is out of touch is gone a while after that.</summary>
    public bool IsListed => SilentFor <= (Report.MaxStaleness is { } most ? most + LiveFor : ListedFor);
}

/// <summary>Knows the edges and what each has applied.</summary>
public interface IEdgeRegistry
{
    /// <summary>Sent every 5 s and after every applied or refused revision.</summary>
    /// <returns>The current position, by which an edge notices that it missed something.</returns>
    ValueTask<ConfigPosition> ReportAsync(EdgeReport report, CancellationToken cancellation);

    /// <summary>An edge has ended in good order, or its operator says that it no longer runs.</summary>
    /// <returns>False where no such edge is known.</returns>
    ValueTask<bool> ForgetAsync(string id, CancellationToken cancellation);

    /// <summary>Those that run or may, by id.</summary>
    ValueTask<IReadOnlyList<EdgeStatus>> ListAsync(CancellationToken cancellation);

    /// <summary>The list as it is, then again after reports that say something new, without end. A wake may be lost: who waits for something has a deadline, and lists once more then.</summary>
    IAsyncEnumerable<IReadOnlyList<EdgeStatus>> WatchAsync(CancellationToken cancellation);
}
