using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Ports;

/// <summary>A revision that an edge would not apply; the last good one stays in force.</summary>
public sealed record RefusedRevision(long Revision, string Scope, string Reason);

/// <summary>What an edge says of itself.</summary>
/// <param name="Id">Unique among the edges, new at each start.</param>
/// <param name="Applied">The last revision whose changes are all in force or refused.</param>
public sealed record EdgeReport(string Id, string Version, string Address, DateTimeOffset StartedAt, ConfigPosition Applied, ValueList<RefusedRevision> Refused);

/// <param name="Report">As last heard.</param>
/// <param name="SeenAt">When.</param>
public sealed record EdgeStatus(EdgeReport Report, DateTimeOffset SeenAt);

/// <summary>Knows the edges and what each has applied.</summary>
public interface IEdgeRegistry
{
    /// <summary>Sent every 5 s and after every applied or refused revision.</summary>
    /// <returns>The current position, by which an edge notices that it missed something.</returns>
    ValueTask<ConfigPosition> ReportAsync(EdgeReport report, CancellationToken cancellation);

    ValueTask<IReadOnlyList<EdgeStatus>> ListAsync(CancellationToken cancellation);
}
