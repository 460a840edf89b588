namespace Drizzle.Contracts.Limits.Quotas;

/// <summary>Which count: the quota, the one it is kept for, and the window.</summary>
/// <param name="Quota">With where it stands, such as <c>acme/plan:starter/monthly</c>.</param>
/// <param name="Subject">The values of the quota's keys, such as a consumer's name.</param>
/// <param name="Window">The window's start, seconds since 1970.</param>
public readonly record struct QuotaId(string Quota, string Subject, long Window);

/// <param name="Amount">Requests in the window, by the configuration of <paramref name="Revision"/>.</param>
/// <param name="EndsAt">The window's end, seconds since 1970.</param>
/// <param name="Revision">The ledger goes by the amount of the highest that it has seen.</param>
public readonly record struct QuotaTerms(long Amount, long EndsAt, long Revision);

/// <summary>What an edge says of a count, and asks of it.</summary>
/// <param name="Holder">Who asks: one life of one edge, or a part of it, that began with nothing in hand.</param>
/// <param name="Sequence">Rises with each request of the holder for this count, so that one that comes late or twice is known.</param>
/// <param name="Kept">All that the edge was ever granted of it and has not given back, as far as it was answered: spent or in hand.</param>
/// <param name="Spent">How much of that is spent.</param>
/// <param name="Need">With fewer it can do nothing; 0 where it only reports.</param>
/// <param name="Want">How many it would like.</param>
public readonly record struct QuotaAsk(string Holder, QuotaId Quota, QuotaTerms Terms, long Sequence, long Kept, long Spent, long Need, long Want);

/// <param name="Granted">0 where there were too few.</param>
/// <param name="Left">What nobody has reserved after that; below 0 where more was admitted than there is, while the ledger was away.</param>
public readonly record struct QuotaAnswer(long Granted, long Left);

/// <summary>A count, as its ledger keeps it.</summary>
/// <param name="Extra">What was granted by hand, for this window alone.</param>
/// <param name="Reserved">What edges have reserved, spent or not.</param>
public readonly record struct QuotaTotals(long Amount, long Revision, long Extra, long Reserved, long Spent)
{
    public long Left => Amount + Extra - Reserved;

    /// <summary>Which of <see cref="QuotaAlerts.Percents"/> is reached; 0 for none.</summary>
    public int Alert
    {
        get
        {
            var (spent, all) = ((Int128)Spent, (Int128)Amount + Extra);
            return QuotaAlerts.Percents.LastOrDefault(percent => spent * 100 >= all * percent);
        }
    }
}

/// <summary>Of a count, the part of one holder.</summary>
public readonly record struct QuotaPart(long Sequence, long Reserved, long Spent);

public static class QuotaAlerts
{
    /// <summary>At so many hundredths of a quota an event tells of it.</summary>
    public static readonly int[] Percents = [80, 100];
}
