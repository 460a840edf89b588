using Drizzle.Contracts.Limits.Quotas;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Usage;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Silo.Members;
using Orleans.Concurrency;
using Orleans.GrainDirectory;

namespace Drizzle.Silo.Configuration;

/// <summary>What edges say, brought to the database, whose rules hold however many silos do it at once.</summary>
[GrainType("drizzle.edge-desk"), StatelessWorker, GrainDirectory(NoDirectory.Name), Reentrant]
internal sealed class EdgeDeskGrain(IEngine database) : Grain, IEdgeDeskGrain
{
    public async Task<ConfigPosition> ReportAsync(EdgeReport report) => await database.Edges.ReportAsync(report, CancellationToken.None);

    public async Task<bool> ForgetAsync(string id) => await database.Edges.ForgetAsync(id, CancellationToken.None);

    public async Task<QuotaAnswers> ReserveAsync(QuotaAsk[] requests) => await database.Quotas.ReserveAsync(requests, CancellationToken.None);

    public async Task<bool> AddUsageAsync(UsageBatch batch) => await database.Usage.AddAsync(batch, CancellationToken.None);
}
