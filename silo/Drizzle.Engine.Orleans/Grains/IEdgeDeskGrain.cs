using Drizzle.Contracts.Limits.Quotas;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Usage;

namespace Drizzle.Engine.Orleans.Grains;

/// <summary>What edges report and reserve, which the database keeps; any silo does it, as many at once as come.</summary>
[Alias("drizzle.edge-desk"), Version(1)]
public interface IEdgeDeskGrain : IGrainWithIntegerKey
{
    /// <summary>As <see cref="IEdgeRegistry.ReportAsync"/>.</summary>
    [Alias("report"), ResponseTimeout("00:00:05")]
    Task<ConfigPosition> ReportAsync(EdgeReport report);

    /// <summary>As <see cref="IEdgeRegistry.ForgetAsync"/>.</summary>
    [Alias("forget"), ResponseTimeout("00:00:05")]
    Task<bool> ForgetAsync(string id);

    /// <summary>As <see cref="IQuotaLedger.ReserveAsync"/>.</summary>
    [Alias("reserve"), ResponseTimeout("00:00:05")]
    Task<QuotaAnswers> ReserveAsync(QuotaAsk[] requests);

    /// <summary>As <see cref="IUsageLedger.AddAsync"/>.</summary>
    [Alias("add-usage"), ResponseTimeout("00:00:30")]
    Task<bool> AddUsageAsync(UsageBatch batch);
}
