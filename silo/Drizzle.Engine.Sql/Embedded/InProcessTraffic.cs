using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Traffic;

namespace Drizzle.Engine.Sql.Embedded;

/// <summary>Of this process.</summary>
internal sealed class InProcessTraffic(TimeProvider clock) : ITraffic
{
    private readonly TrafficDesk _desk = new(clock);

    public ValueTask ReportAsync(TrafficReport report, CancellationToken cancellation)
    {
        _desk.Report(report);
        return ValueTask.CompletedTask;
    }

    public ValueTask<KnownTraffic> ReadAsync(string tenant, CancellationToken cancellation) => new(_desk.Read(tenant));

    public ValueTask ForgetAsync(string tenant, CancellationToken cancellation)
    {
        _desk.Forget(tenant);
        return ValueTask.CompletedTask;
    }
}
