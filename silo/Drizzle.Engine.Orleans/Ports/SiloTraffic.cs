using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Traffic;
using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Engine.Orleans;

/// <summary>Each tenant's traffic is with a grain of its own.</summary>
internal sealed class SiloTraffic(SiloConnection silos) : ITraffic
{
    public async ValueTask ReportAsync(TrafficReport report, CancellationToken cancellation) => await silos.CallAsync(
        grains => Task.WhenAll(report.Tenants.Select(t => grains.GetGrain<ITrafficGrain>(t.Tenant).ReportAsync(report.Edge, report.StartedAt, TenantTrafficWire.Of(t)))), cancellation);

    public async ValueTask<KnownTraffic> ReadAsync(string tenant, CancellationToken cancellation) =>
        HeardTrafficWire.Read(await silos.CallAsync(grains => grains.GetGrain<ITrafficGrain>(tenant).ReadAsync(), cancellation));

    public ValueTask ForgetAsync(string tenant, CancellationToken cancellation) => silos.CallAsync(grains => grains.GetGrain<ITrafficGrain>(tenant).ForgetAsync(), cancellation);
}
