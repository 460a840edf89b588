namespace Drizzle.Admin.Receipts;

/// <summary>Where a revision stands on every edge that runs, or may.</summary>
/// <param name="Confirmed">Whether each of them has it in force; what one refused or has not acknowledged is not confirmed.</param>
public sealed record Receipt(long Revision, bool Confirmed, IReadOnlyList<EdgeReceipt> Edges);

/// <param name="Edge">The edge's id.</param>
/// <param name="State"><c>applied</c>, <c>refused</c> or <c>unconfirmed</c>.</param>
/// <param name="At">When the registry heard that this revision, or a later one, is in force there.</param>
/// <param name="Reason">Why it is not applied.</param>
public sealed record EdgeReceipt(string Edge, string Address, string State, DateTimeOffset? At, string? Reason);

/// <summary>An answer to a write, which may carry a receipt.</summary>
internal interface IReceipted
{
    long Revision { get; }

    Receipt? Receipt { set; }
}
