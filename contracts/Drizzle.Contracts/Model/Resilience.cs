using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Model;

/// <summary>How destinations are found unhealthy.</summary>
public sealed record Health
{
    /// <summary>Probes sent by each edge. Off when absent.</summary>
    public ActiveHealth? Active { get; init; }

    /// <summary>Judgement by the traffic itself. Off when absent.</summary>
    public PassiveHealth? Passive { get; init; }
}

/// <summary>Probes: a GET that must answer 2xx.</summary>
public sealed record ActiveHealth
{
    /// <summary>The path probed. Default /.</summary>
    public string? Path { get; init; }

    /// <summary>Time between probes, at least 100ms. Default 5s.</summary>
    public Duration? Interval { get; init; }

    /// <summary>How long one probe may take. Default 1s.</summary>
    public Duration? Timeout { get; init; }

    /// <summary>Failures in a row that make a destination unhealthy; one success makes it healthy. Default 3.</summary>
    public int? UnhealthyAfter { get; init; }
}

/// <summary>Takes a destination out when too many of its requests fail: refused, broken, timed out, or answered 5xx.</summary>
public sealed record PassiveHealth
{
    /// <summary>Share of failed requests, 0 to 1, of at least ten in the window. Default 0.5.</summary>
    public double? FailureRate { get; init; }

    /// <summary>The time looked back over. Default 30s.</summary>
    public Duration? Window { get; init; }

    /// <summary>How long the destination stays out. Default as the window.</summary>
    public Duration? ReactivateAfter { get; init; }
}

/// <summary>Opens after failures, lets one request through after a while, closes when that succeeds.</summary>
public sealed record CircuitBreaker
{
    /// <summary>Failures within the window that open the circuit. Default 5.</summary>
    public int? Failures { get; init; }

    /// <summary>The time looked back over. Default 10s.</summary>
    public Duration? Window { get; init; }

    /// <summary>How long requests are refused before one is let through. Default 15s.</summary>
    public Duration? OpenFor { get; init; }
}

/// <summary>Second tries, of idempotent requests without a body, under a budget of 20 % of the service's requests.</summary>
public sealed record Retries
{
    /// <summary>Tries after the first, 0 to 5. Default 1.</summary>
    public int? Attempts { get; init; }

    /// <summary>Answers that are tried again, of 502, 503 and 504. Default none: only a connection that failed is.</summary>
    public ValueList<int> OnStatus { get; init; }
}

/// <summary>How long things may take.</summary>
public sealed record Timeouts
{
    /// <summary>To open a connection. Default 3s.</summary>
    public Duration? Connect { get; init; }

    /// <summary>Between reads or writes of an ordinary request. Default 5s.</summary>
    public Duration? Idle { get; init; }

    /// <summary>The same for upgraded connections, event streams and gRPC. Default 1h.</summary>
    public Duration? Stream { get; init; }
}
