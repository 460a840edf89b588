using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Orleans.Grains;

/// <summary>What is live about the routes and services of one tenant, in memory; the key is the slug. Where it is lost, edges say it again within minutes.</summary>
[Alias("drizzle.traffic"), Version(1)]
public interface ITrafficGrain : IGrainWithStringKey
{
    /// <summary>As <see cref="ITraffic.ReportAsync"/>, of this tenant.</summary>
    [Alias("report"), ResponseTimeout("00:00:05")]
    Task ReportAsync(string edge, DateTimeOffset startedAt, TenantTrafficWire traffic);

    /// <summary>As <see cref="ITraffic.ReadAsync"/>.</summary>
    [Alias("read"), ResponseTimeout("00:00:05")]
    Task<HeardTrafficWire[]> ReadAsync();

    /// <summary>As <see cref="ITraffic.ForgetAsync"/>.</summary>
    [Alias("forget"), ResponseTimeout("00:00:05")]
    Task ForgetAsync();
}
