using Drizzle.Contracts.Limits.Quotas;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Usage;
using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Engine.Orleans;

/// <summary>Edges reserve through the silos; an admin looks into the database.</summary>
internal sealed class SiloQuotaLedger(AnyWay desk, IQuotaLedger database) : IQuotaLedger
{
    public ValueTask<QuotaAnswers> ReserveAsync(IReadOnlyList<QuotaAsk> requests, CancellationToken cancellation) =>
        desk.CallAsync((grains, way) => grains.GetGrain<IEdgeDeskGrain>(way).ReserveAsync([.. requests]), cancellation);

    public ValueTask<IReadOnlyList<QuotaStatus>> ListAsync(QuotaQuery query, CancellationToken cancellation) => database.ListAsync(query, cancellation);

    public ValueTask<QuotaTotals?> GrantAsync(QuotaId quota, long? extra, AuditRecord audit, CancellationToken cancellation) => database.GrantAsync(quota, extra, audit, cancellation);

    public ValueTask<long> ForgetAsync(CancellationToken cancellation) => database.ForgetAsync(cancellation);
}

/// <summary>Edges ship through the silos; an admin looks into the database.</summary>
internal sealed class SiloUsageLedger(AnyWay desk, IUsageLedger database) : IUsageLedger
{
    public ValueTask<bool> AddAsync(UsageBatch batch, CancellationToken cancellation) => desk.CallAsync((grains, way) => grains.GetGrain<IEdgeDeskGrain>(way).AddUsageAsync(batch), cancellation);

    public ValueTask<IReadOnlyList<UsageRow>> ListAsync(UsageQuery query, CancellationToken cancellation) => database.ListAsync(query, cancellation);

    public ValueTask<long> ForgetAsync(DateOnly before, CancellationToken cancellation) => database.ForgetAsync(before, cancellation);
}
