using Drizzle.Contracts.Traffic;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Silo.Buckets;

namespace Drizzle.Silo.Traffic;

/// <summary>Keeps what edges say of one tenant's routes and services. A second activation would do no harm: each edge is heard by one of them, and then again.</summary>
[GrainType("drizzle.traffic")]
internal sealed class TrafficGrain(SiloClock clock) : Grain, ITrafficGrain, IGrainMigrationParticipant
{
    private const string Heard = "heard";

    private readonly TrafficDesk _desk = new(clock.Clock);

    private string Tenant => this.GetPrimaryKeyString();

    /// <summary>A silo that ends in good order leaves it to another.</summary>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (reason.ReasonCode == DeactivationReasonCode.ShuttingDown) MigrateOnIdle();
        return Task.CompletedTask;
    }

    public void OnDehydrate(IDehydrationContext dehydrationContext) => dehydrationContext.TryAddValue(Heard, HeardTrafficWire.Of(_desk.Read(Tenant)));

    public void OnRehydrate(IRehydrationContext rehydrationContext)
    {
        if (rehydrationContext.TryGetValue(Heard, out HeardTrafficWire[]? heard) && heard is not null) _desk.TakeOver(Tenant, HeardTrafficWire.Read(heard));
    }

    public Task ReportAsync(string edge, DateTimeOffset startedAt, TenantTrafficWire traffic)
    {
        if (traffic.Routes.Length + traffic.Services.Length > TrafficReport.MostEntries) throw new ArgumentException($"A report has at most {TrafficReport.MostEntries} routes and services.", nameof(traffic));
        _desk.Report(new(edge, startedAt, [traffic.Read(Tenant)]));
        return Task.CompletedTask;
    }

    public Task ForgetAsync()
    {
        _desk.Forget(Tenant);
        return Task.CompletedTask;
    }

    public Task<HeardTrafficWire[]> ReadAsync() => Task.FromResult(HeardTrafficWire.Of(_desk.Read(Tenant)));
}
