using System.Collections.Concurrent;

namespace Drizzle.Edge.Telemetry;

/// <summary>A route's counters. They live as long as the route has its name, whatever else of it changes.</summary>
internal sealed class RouteMetrics
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    private ConcurrentDictionary<(string Method, int Code), Counter>? _requests;

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

    public void Count(string method, int code)
    {
        // A race makes two maps and keeps one; the loser's single request is counted in the winner.
        var requests = _requests ?? Interlocked.CompareExchange(ref _requests, new(), null) ?? _requests;
        requests.GetOrAdd((Array.IndexOf(Methods, method) >= 0 ? method : "other", code), static _ => new Counter()).Increment();
    }

    public IEnumerable<(string Method, int Code, long Count)> Read() =>
        _requests is { } requests ? requests.Select(r => (r.Key.Method, r.Key.Code, r.Value.Value)) : [];

    private sealed class Counter
    {
        private long _value;

        public long Value => Volatile.Read(ref _value);

        public void Increment() => Interlocked.Increment(ref _value);
    }
}
