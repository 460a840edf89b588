using Drizzle.Contracts.Limits.Quotas;

namespace Drizzle.Contracts.Ports;

/// <param name="Answers">As many as there were requests, in their order.</param>
/// <param name="Edges">How many edges are known to run, at least 1.</param>
public sealed record QuotaAnswers(QuotaAnswer[] Answers, int Edges);

/// <param name="EndsAt">Of the window, seconds since 1970.</param>
public sealed record QuotaStatus(QuotaId Quota, long EndsAt, QuotaTotals Totals);

/// <param name="Tenant">Whose; of all when null.</param>
/// <param name="Quota">As it is named in its plan; all when null.</param>
/// <param name="Subject">All when null.</param>
/// <param name="At">Only windows that hold this instant, seconds since 1970.</param>
/// <param name="Most">How many at most.</param>
public sealed record QuotaQuery(string? Tenant, string? Quota, string? Subject, long At, int Most);

/// <summary>Counts quotas, by the rules of <see cref="QuotaArithmetic"/>. What is granted is on disk before it is answered.</summary>
public interface IQuotaLedger
{
    /// <summary>The most requests in one batch.</summary>
    public const int MostInBatch = 256;

    /// <param name="requests">No count twice.</param>
    /// <param name="cancellation">Ends the wait; whether something was granted then is settled by the next request.</param>
    /// <exception cref="EngineException">The ledger does not answer.</exception>
    ValueTask<QuotaAnswers> ReserveAsync(IReadOnlyList<QuotaAsk> requests, CancellationToken cancellation);

    /// <summary>By quota and subject.</summary>
    ValueTask<IReadOnlyList<QuotaStatus>> ListAsync(QuotaQuery query, CancellationToken cancellation);

    /// <summary>Lets more pass in a window than its amount.</summary>
    /// <param name="quota">A count that is known.</param>
    /// <param name="extra">How much more; null for as much as makes the whole amount free again.</param>
    /// <param name="audit">Is kept with it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The count after that; null where it is not known.</returns>
    ValueTask<QuotaTotals?> GrantAsync(QuotaId quota, long? extra, AuditRecord audit, CancellationToken cancellation);

    /// <summary>Forgets windows that ended long ago: twice their own length, and an hour at least.</summary>
    ValueTask<long> ForgetAsync(CancellationToken cancellation);
}
