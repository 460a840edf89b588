using Drizzle.Contracts.Usage;

namespace Drizzle.Contracts.Ports;

/// <summary>Which usage is wanted, and what it is told apart by; what is not, is summed.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Consumer">Of one alone; of all when null. So with service and route.</param>
/// <param name="Most">How many rows at most.</param>
public sealed record UsageQuery(
    string Tenant, DateOnly From, DateOnly To, string? Consumer, string? Service, string? Route, bool ByDay, bool ByConsumer, bool ByService, bool ByRoute, int Most);

/// <param name="Day">Null where days are summed; so with the others.</param>
public sealed record UsageRow(DateOnly? Day, string? Consumer, string? Service, string? Route, UsageCounts Counts);

/// <summary>Sums what edges count.</summary>
public interface IUsageLedger
{
    /// <summary>Adds a batch, once however often it is brought.</summary>
    /// <returns>False where it was known already.</returns>
    /// <exception cref="EngineException">The ledger does not answer; the same batch may be brought again.</exception>
    ValueTask<bool> AddAsync(UsageBatch batch, CancellationToken cancellation);

    /// <summary>By day, newest first, then by the names.</summary>
    ValueTask<IReadOnlyList<UsageRow>> ListAsync(UsageQuery query, CancellationToken cancellation);

    /// <summary>Forgets days before this one, and which batches came a month before.</summary>
    ValueTask<long> ForgetAsync(DateOnly before, CancellationToken cancellation);
}
