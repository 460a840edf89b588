using Drizzle.Contracts.Ports;

namespace Drizzle.Admin.Receipts;

/// <summary>Waits until the edges have said where they stand.</summary>
internal sealed class ReceiptDesk(IConfigStore store, IEdgeRegistry edges, TimeProvider clock)
{
    private const string Applied = "applied";
    private const string Refused = "refused";
    private const string Unconfirmed = "unconfirmed";

    /// <param name="Scope">The tenant that the revision wrote, or empty for the platform; null where history does not reach back to it.</param>
    private sealed record Wanted(ConfigPosition Position, string? Scope);

    /// <summary>
    /// Returns once every live edge has applied or refused the revision, or the time is up. One that has been silent for long is not waited for,
    /// but named all the same: it may still serve.
    /// </summary>
    /// <exception cref="EngineException">The registry does not answer.</exception>
    public async Task<Receipt> WaitAsync(long revision, TimeSpan patience, CancellationToken cancellation)
    {
        var position = (await store.PositionAsync(cancellation)) with { Revision = revision };
        // Commits that come together are applied as one, so a refusal may name a later revision of the same scope.
        var scope = await store.ListRevisionsAsync(null, revision + 1, 1, cancellation) is [var entry] && entry.Revision == revision ? entry.Scope : null;
        var wanted = new Wanted(position, scope);
        using var deadline = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            await foreach (var heard in edges.WatchAsync(either.Token))
            {
                if (heard.All(e => !e.IsLive || e.IsDisputed || Of(e, wanted).State != Unconfirmed)) return Of(heard, wanted);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // A wake may have been lost, so they are asked once more below.
        }
        return Of(await edges.ListAsync(cancellation), wanted);
    }

    private static Receipt Of(IReadOnlyList<EdgeStatus> edges, Wanted wanted)
    {
        EdgeReceipt[] receipts = [.. edges.Select(e => Of(e, wanted))];
        return new(wanted.Position.Revision, receipts.All(r => r.State == Applied), receipts);
    }

    private static EdgeReceipt Of(EdgeStatus edge, Wanted wanted)
    {
        var (report, applied) = (edge.Report, edge.Report.Applied);
        if (edge.IsDisputed) return Say(Unconfirmed, null, $"Two edges say that they are '{report.Id}'; give each a name of its own with Drizzle__Edge__Id.");
        if (applied.Epoch != wanted.Position.Epoch) return Say(Unconfirmed, null, "It follows another database, or this one as it was before a backup was restored.");
        if (report.Refused.FirstOrDefault(r => r.Scope == wanted.Scope && r.Revision >= wanted.Position.Revision) is { } refused) return Say(Refused, null, refused.Reason);
        if (applied.Revision >= wanted.Position.Revision) return Say(Applied, edge.AppliedAt, null);
        var silence = edge.IsLive ? "" : $", and not heard of for {(long)edge.SilentFor.TotalSeconds} s";
        return Say(Unconfirmed, null, $"At revision {applied.Revision} when last heard{silence}.");

        EdgeReceipt Say(string state, DateTimeOffset? at, string? reason) => new(report.Id, report.Address, state, at, reason);
    }
}
