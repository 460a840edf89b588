using Drizzle.Contracts.Traffic;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Silo.Buckets;

namespace Drizzle.Silo.Traffic;

/// <summary>Keeps what edges say of one tenant's routes and services. A second activation would do no harm: each edge is heard by one of them, and then again.</summary>
internal sealed class TrafficGrain(SiloClock clock) : Grain, ITrafficGrain
{
    private readonly TrafficDesk _desk = new(clock.Clock);

    private string Tenant => this.GetPrimaryKeyString();

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
