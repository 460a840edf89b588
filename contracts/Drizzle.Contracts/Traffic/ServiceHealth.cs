using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Traffic;

/// <summary>A circuit breaker, as an edge has it.</summary>
public enum CircuitPosition
{
    /// <summary>Requests pass.</summary>
    Closed,

    /// <summary>None passes.</summary>
    Open,

    /// <summary>One at a time passes, to see.</summary>
    HalfOpen,
}

/// <param name="Url">As configured, without a slash at the end.</param>
/// <param name="IsUp">Whether it gets requests.</param>
/// <param name="InFlight">Requests that are there now.</param>
public sealed record DestinationState(string Url, bool IsUp, int InFlight);

/// <summary>How a service fares, as one edge sees it.</summary>
/// <param name="Circuit">Null where it has none.</param>
public sealed record ServiceHealth(string Service, CircuitPosition? Circuit, ValueList<DestinationState> Destinations);
