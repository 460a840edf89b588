using Drizzle.Contracts.Ports;
using Drizzle.Edge.Telemetry;
using Drizzle.Edge.Upstreams;

namespace Drizzle.Edge.Snapshots;

/// <summary>What is in force. <see cref="ConfigFollower"/> alone writes, but for listening and draining, which are its host's; requests read each part once and keep what they read.</summary>
internal sealed class GatewayState
{
    private volatile TenantIndex _index = TenantIndex.Empty;
    private volatile PlatformSnapshot _platform = PlatformSnapshot.Initial;
    private volatile bool _isReady;
    private volatile bool _isListening;
    private volatile bool _isDraining;
    private volatile PositionBox _position = new(ConfigPosition.Start);
    private volatile IReadOnlyList<RefusedRevision> _refused = [];
    private long _staleAt = long.MaxValue;

    private sealed record PositionBox(ConfigPosition Value);

    public TenantIndex Index
    {
        get => _index;
        set => _index = value;
    }

    /// <summary>The counters of all routes, each once: a written route may share those of a service.</summary>
    public IEnumerable<RouteMetrics> Counters => Index.Slots.Values.SelectMany(s => s.Current.RoutesByName.Values).Select(r => r.Metrics).Distinct();

    /// <summary>The services of all tenants.</summary>
    public IEnumerable<(string Tenant, Upstream Upstream)> Upstreams => Index.Slots.Values.SelectMany(s => s.Current.Upstreams.Values, static (slot, upstream) => (slot.Current.Slug, upstream));

    public PlatformSnapshot Platform
    {
        get => _platform;
        set => _platform = value;
    }

    /// <summary>Whether a complete configuration has been applied.</summary>
    public bool IsReady
    {
        get => _isReady;
        set => _isReady = value;
    }

    /// <summary>Whether the public ports are open.</summary>
    public bool IsListening
    {
        get => _isListening;
        set => _isListening = value;
    }

    public bool IsDraining
    {
        get => _isDraining;
        set => _isDraining = value;
    }

    /// <summary>The timestamp after which nothing more may be served, unless contact with the engine moves it.</summary>
    public long StaleAt
    {
        get => Volatile.Read(ref _staleAt);
        set => Volatile.Write(ref _staleAt, value);
    }

    /// <summary>Lets this edge serve for a time from a timestamp of the clock on.</summary>
    public void ServeUntil(long timestamp, TimeSpan after, TimeProvider clock) => StaleAt = timestamp + (long)(after.TotalSeconds * clock.TimestampFrequency);

    public ConfigPosition Position
    {
        get => _position.Value;
        set => _position = new(value);
    }

    /// <summary>Revisions that did not compile and have not been followed by one that did.</summary>
    public IReadOnlyList<RefusedRevision> Refused
    {
        get => _refused;
        set => _refused = value;
    }
}
