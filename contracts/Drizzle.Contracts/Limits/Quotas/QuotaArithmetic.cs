namespace Drizzle.Contracts.Limits.Quotas;

/// <summary>
/// The ledger's side of quotas. What an edge says it keeps is what it can ever spend, for only its newest word counts: so an answer that was lost is no loss
/// of the quota, and none can be spent twice. An edge that crashed keeps what it had.
/// </summary>
public static class QuotaArithmetic
{
    /// <param name="totals">The count as it is.</param>
    /// <param name="part">The holder's part of it; the default where it has none.</param>
    /// <param name="ask">What the edge says.</param>
    /// <param name="sharers">How many holders have some in hand, this one included.</param>
    public static (QuotaTotals Totals, QuotaPart Part, QuotaAnswer Answer) Reserve(QuotaTotals totals, QuotaPart part, in QuotaAsk ask, long sharers)
    {
        if (ask.Terms.Revision > totals.Revision) totals = totals with { Amount = ask.Terms.Amount, Revision = ask.Terms.Revision };
        if (ask.Sequence <= part.Sequence) return (totals, part, new(0, totals.Left));
        totals = totals with { Reserved = totals.Reserved + ask.Kept - part.Reserved, Spent = totals.Spent + ask.Spent - part.Spent };
        var granted = ask.Need == 0 || totals.Left < ask.Need ? 0 : Math.Max(ask.Need, Math.Min(ask.Want, (totals.Left + sharers - 1) / sharers));
        totals = totals with { Reserved = totals.Reserved + granted };
        return (totals, new(ask.Sequence, ask.Kept + granted, ask.Spent), new(granted, totals.Left));
    }
}
