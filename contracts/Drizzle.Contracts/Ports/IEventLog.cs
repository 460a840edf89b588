namespace Drizzle.Contracts.Ports;

/// <summary>What happens, as the log of events names it.</summary>
public static class EventKinds
{
    /// <summary>A quota is used up to 80 %.</summary>
    public const string QuotaWarning = "quota.warning";

    /// <summary>A quota is used up.</summary>
    public const string QuotaExhausted = "quota.exhausted";
}

/// <summary>Something that happened in a tenant, for its owners to know.</summary>
/// <param name="Id">Greater than of those before it.</param>
/// <param name="Kind">One of <see cref="EventKinds"/>.</param>
/// <param name="Object">What it happened to, such as <c>acme/plan:starter/monthly</c>.</param>
/// <param name="Subject">For whom, such as a consumer's name.</param>
public sealed record TenantEvent(long Id, DateTimeOffset At, string Tenant, string Kind, string Object, string Subject, string Detail);

/// <summary>Written by the ports where things happen, in the same transaction.</summary>
public interface IEventLog
{
    /// <summary>Newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="before">Only those with a lower id.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<IReadOnlyList<TenantEvent>> ListAsync(string tenant, long before, int most, CancellationToken cancellation);

    /// <summary>Forgets what happened before.</summary>
    ValueTask<long> ForgetAsync(DateTimeOffset before, CancellationToken cancellation);
}
