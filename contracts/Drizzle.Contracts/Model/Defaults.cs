using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Model;

/// <summary>What holds where a configuration is silent.</summary>
public static class Defaults
{
    public static readonly AddressLimit AddressLimit = new() { Rate = Rate.PerSecondOf(100), Burst = 50 };
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Stream = TimeSpan.FromHours(1);
    public static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan PassiveWindow = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan CircuitWindow = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan CircuitOpenFor = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan CorsMaxAge = TimeSpan.FromMinutes(10);
    public static readonly ByteSize MaxBody = ByteSize.MiB(10);

    public const int UnhealthyAfter = 3;
    public const double PassiveFailureRate = 0.5;
    public const int CircuitFailures = 5;
    public const int RetryAttempts = 1;
    public const string KeyHeader = "X-API-Key";
    public const string ClientIdHeader = "X-Client-ID";
    public const string AffinityCookie = "drizzle_affinity";

    /// <summary>The cookie of who is logged in to the admin. Browsers send it to every port of a host, so edges keep it from upstreams.</summary>
    public const string SessionCookie = "drizzle_session";
}
