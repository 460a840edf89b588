using Drizzle.Contracts.Traffic;

namespace Drizzle.Contracts.Ports;

/// <summary>What edges say of the traffic that they see, for people to look at; nothing is decided by it, and it may be forgotten.</summary>
public interface ITraffic
{
    /// <summary>Keeps what an edge says.</summary>
    /// <param name="report">At most <see cref="TrafficReport.MostEntries"/> routes and services.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="EngineException">It does not answer.</exception>
    ValueTask ReportAsync(TrafficReport report, CancellationToken cancellation);

    /// <summary>What was heard of a tenant's traffic within <see cref="KnownTraffic.KeptFor"/>.</summary>
    /// <exception cref="EngineException">It does not answer.</exception>
    ValueTask<KnownTraffic> ReadAsync(string tenant, CancellationToken cancellation);

    /// <summary>A tenant is gone: the next of its name sees nothing of it. What edges that have not heard of it yet still say of it within <see cref="KnownTraffic.DeafFor"/> is nobody's.</summary>
    /// <exception cref="EngineException">It does not answer.</exception>
    ValueTask ForgetAsync(string tenant, CancellationToken cancellation);
}
