using Drizzle.Contracts.Traffic;

namespace Drizzle.Admin.Live;

/// <summary>A route's requests since the edges that run started.</summary>
/// <param name="Limited">Of the requests, those that ended with 429.</param>
/// <param name="ClientErrors">Of the requests, those that ended with another status of 4xx.</param>
/// <param name="ServerErrors">Of the requests, those that ended with a status of 5xx.</param>
/// <param name="P50Ms">Milliseconds that half of the requests took at most, to about a fifth.</param>
/// <param name="P99Ms">The same of 99 in a hundred.</param>
/// <param name="LastAt">When the last one ended, to a few seconds.</param>
/// <param name="PerSecond">Requests lately; absent where nobody watches.</param>
public sealed record RouteTrafficView(
    string Service, string Route, long Requests, long Limited, long ClientErrors, long ServerErrors, double? P50Ms, double? P99Ms, DateTimeOffset LastAt, double? PerSecond);

/// <param name="UpOn">Edges that send it requests.</param>
/// <param name="DownOn">Edges that do not, because it failed there.</param>
/// <param name="InFlight">Requests that are there now.</param>
public sealed record DestinationView(string Url, int UpOn, int DownOn, int InFlight);

/// <summary>How a service fares, as the edges see it; of services with health checks or a circuit breaker.</summary>
/// <param name="Edges">How many see it.</param>
/// <param name="CircuitOpenOn">Edges whose circuit is open.</param>
/// <param name="CircuitHalfOpenOn">Edges whose circuit lets one request at a time pass.</param>
/// <param name="HasCircuit">Whether it has a circuit breaker.</param>
public sealed record ServiceHealthView(string Service, int Edges, bool HasCircuit, int CircuitOpenOn, int CircuitHalfOpenOn, IReadOnlyList<DestinationView> Destinations);

/// <summary>What edges said, put together for people.</summary>
internal static class TrafficViews
{
    /// <summary>Those with the newest requests first.</summary>
    public static RouteTrafficView[] Routes(KnownTraffic known) =>
        [.. known.Routes.GroupBy(r => (r.What.Service, r.What.Route)).Select(g => Route([.. g])).OrderByDescending(r => r.LastAt)];

    /// <summary>By name.</summary>
    public static ServiceHealthView[] Services(KnownTraffic known) =>
        [.. known.Services.GroupBy(s => s.What.Service, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Service(g.Key, [.. g.Select(s => s.What)]))];

    /// <summary>Bucket by bucket.</summary>
    public static long[] Sum(IEnumerable<IReadOnlyList<long>> durations)
    {
        var sum = new long[Durations.Buckets];
        foreach (var counts in durations)
        {
            for (var i = 0; i < Math.Min(sum.Length, counts.Count); i++) sum[i] += counts[i];
        }
        return sum;
    }

    /// <summary>In milliseconds, to three digits.</summary>
    public static double? Quantile(long[] durations, double part) => Durations.Quantile(durations, part) is { } time ? Rounded(time.TotalMilliseconds) : null;

    public static double Rounded(double value) => value == 0 ? 0 : Math.Round(value, Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 6));

    private static RouteTrafficView Route(Heard<RouteTraffic>[] heard)
    {
        var durations = Sum(heard.Select(h => (IReadOnlyList<long>)h.What.Durations));
        return new(
            heard[0].What.Service, heard[0].What.Route, heard.Sum(h => h.What.Requests), heard.Sum(h => h.What.Limited), heard.Sum(h => h.What.ClientErrors), heard.Sum(h => h.What.ServerErrors),
            Quantile(durations, 0.5), Quantile(durations, 0.99), heard.Max(h => h.At - h.What.SinceLast), null);
    }

    private static ServiceHealthView Service(string name, ServiceHealth[] seen) => new(
        name, seen.Length, seen.Any(s => s.Circuit is not null), seen.Count(s => s.Circuit == CircuitPosition.Open), seen.Count(s => s.Circuit == CircuitPosition.HalfOpen),
        [.. seen.SelectMany(s => s.Destinations).GroupBy(d => d.Url, StringComparer.Ordinal).Select(d => new DestinationView(d.Key, d.Count(x => x.IsUp), d.Count(x => !x.IsUp), d.Sum(x => x.InFlight)))]);
}
