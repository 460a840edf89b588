using System.Collections.Concurrent;
using Drizzle.Contracts.Traffic;

namespace Drizzle.Edge.Telemetry;

/// <summary>A route's counters. They live as long as the route has its name, whatever else of it changes.</summary>
internal sealed class RouteMetrics
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    private ConcurrentDictionary<(string Method, int Code), Counter>? _requests;
    private long[]? _durations;
    private int _isTouched;

    public RouteMetrics(string tenant, string service, string route)
    {
        Tenant = tenant;
        Service = service;
        Route = route;
    }

    public string Tenant { get; }

    public string Service { get; }

    public string Route { get; }

    /// <summary>Made at the first request, so that a route nobody calls costs nothing.</summary>
    public KeyValuePair<string, object?>[] Tags => field ??= [new("tenant", Tenant), new("service", Service), new("route", Route)];

    /// <summary>Whether there was ever a request.</summary>
    public bool IsUsed => _requests is not null;

    /// <summary>When one was first seen to have ended, as a timestamp of the clock, 0 for never; whoever reports the traffic keeps it.</summary>
    public long FirstSeenAt { get; private set; }

    /// <summary>The same of the last one.</summary>
    public long LastSeenAt { get; private set; }

    public void Count(string method, int code, TimeSpan duration)
    {
        // A race makes two maps and keeps one; the loser's single request is counted in the winner.
        var requests = _requests ?? Interlocked.CompareExchange(ref _requests, new(), null) ?? _requests;
        requests.GetOrAdd((Array.IndexOf(Methods, method) >= 0 ? method : "other", code), static _ => new Counter()).Increment();
        var durations = _durations ?? Interlocked.CompareExchange(ref _durations, new long[Durations.Buckets], null) ?? _durations;
        Interlocked.Increment(ref durations[Durations.IndexOf(duration)]);
        // Written once between two reports, so that what all requests read stays in each core's cache.
        if (Volatile.Read(ref _isTouched) == 0) Volatile.Write(ref _isTouched, 1);
    }

    public IEnumerable<(string Method, int Code, long Count)> Read() =>
        _requests is { } requests ? requests.Select(r => (r.Key.Method, r.Key.Code, r.Value.Value)) : [];

    /// <summary>Whether requests have ended since this was last asked; by one caller.</summary>
    /// <param name="now">The timestamp of the clock.</param>
    public bool TakeTouch(long now)
    {
        // Before the counters are read: what is counted meanwhile touches anew.
        if (Interlocked.Exchange(ref _isTouched, 0) == 0) return false;
        LastSeenAt = now;
        if (FirstSeenAt == 0) FirstSeenAt = now;
        return true;
    }

    public RouteTraffic Summarize(TimeSpan sinceFirst, TimeSpan sinceLast)
    {
        var (all, limited, client, server) = (0L, 0L, 0L, 0L);
        foreach (var (_, code, count) in Read())
        {
            all += count;
            if (code == 429) limited += count;
            else if (code is >= 400 and < 500) client += count;
            else if (code >= 500) server += count;
        }
        return new(Service, Route, all, limited, client, server, Durations.Shortened(_durations), sinceFirst, sinceLast);
    }

    private sealed class Counter
    {
        private long _value;

        public long Value => Volatile.Read(ref _value);

        public void Increment() => Interlocked.Increment(ref _value);
    }
}
