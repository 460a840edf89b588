using Drizzle.Contracts.Traffic;

namespace Drizzle.Admin.Live;

/// <summary>A tenant's traffic of the last seconds.</summary>
/// <param name="Seconds">How long the figures below go back; 0 at the first look, which has nothing to compare with.</param>
/// <param name="Edges">How many edges saw requests lately.</param>
/// <param name="PerSecond">Requests.</param>
/// <param name="LimitedPerSecond">Of these, those that ended with 429.</param>
/// <param name="ClientErrorsPerSecond">Of these, those that ended with another status of 4xx.</param>
/// <param name="ServerErrorsPerSecond">Of these, those that ended with a status of 5xx.</param>
/// <param name="Routes">The busiest, at most a hundred.</param>
public sealed record TrafficView(
    DateTimeOffset At, double Seconds, int Edges, double PerSecond, double LimitedPerSecond, double ClientErrorsPerSecond, double ServerErrorsPerSecond, double? P50Ms, double? P95Ms, double? P99Ms,
    IReadOnlyList<RouteTrafficView> Routes);

/// <summary>Compares what is known now with what was known about ten seconds ago. One reader uses it.</summary>
internal sealed class TrafficWindow(TimeProvider clock)
{
    private const int Samples = 5;
    private const int MostRoutes = 100;

    private readonly Queue<Sample> _before = new();

    private sealed record Sample(long At, DateTimeOffset Time, Dictionary<(string Edge, DateTimeOffset StartedAt, string Service, string Route), RouteTraffic> Known);

    public TrafficView Next(KnownTraffic known)
    {
        // The time of whoever hears the edges, which need not be this process's.
        var heardAt = known.Routes.Count > 0 ? known.Routes.Max(r => r.At) : clock.GetUtcNow();
        var sample = new Sample(clock.GetTimestamp(), heardAt, known.Routes.ToDictionary(Key, r => r.What));
        var oldest = _before.Count > 0 ? _before.Peek() : sample;
        _before.Enqueue(sample);
        if (_before.Count > Samples) _before.Dequeue();
        return View(sample.Time, clock.GetElapsedTime(oldest.At, sample.At).TotalSeconds, known, [.. known.Routes.Select(r => Since(r, oldest)).Where(r => r.Requests > 0)]);
    }

    private static (string Edge, DateTimeOffset StartedAt, string Service, string Route) Key(Heard<RouteTraffic> heard) => (heard.Edge, heard.StartedAt, heard.What.Service, heard.What.Route);

    /// <summary>What was counted since then. Of a route that was not known then all is new, unless it had its first request before: then it had been forgotten.</summary>
    private static RouteTraffic Since(Heard<RouteTraffic> heard, Sample before)
    {
        var now = heard.What;
        if (!before.Known.TryGetValue(Key(heard), out var then)) return heard.At - now.SinceFirst >= before.Time ? now : now with { Requests = 0 };
        return now with
        {
            Requests = now.Requests - then.Requests, Limited = now.Limited - then.Limited, ClientErrors = now.ClientErrors - then.ClientErrors, ServerErrors = now.ServerErrors - then.ServerErrors,
            Durations = Durations.Shortened([.. now.Durations.Select((count, i) => count - (i < then.Durations.Count ? then.Durations[i] : 0))]),
        };
    }

    private static TrafficView View(DateTimeOffset now, double seconds, KnownTraffic known, RouteTraffic[] news)
    {
        var durations = TrafficViews.Sum(news.Select(n => (IReadOnlyList<long>)n.Durations));
        var perRoute = news.GroupBy(n => (n.Service, n.Route)).ToDictionary(g => g.Key, g => PerSecond(g.Sum(n => n.Requests)));
        return new(
            now, TrafficViews.Rounded(seconds), known.Routes.Where(r => r.At - r.What.SinceLast > now.AddMinutes(-1)).Select(r => r.Edge).Distinct(StringComparer.Ordinal).Count(),
            PerSecond(news.Sum(n => n.Requests)), PerSecond(news.Sum(n => n.Limited)), PerSecond(news.Sum(n => n.ClientErrors)), PerSecond(news.Sum(n => n.ServerErrors)),
            TrafficViews.Quantile(durations, 0.5), TrafficViews.Quantile(durations, 0.95), TrafficViews.Quantile(durations, 0.99),
            [.. TrafficViews.Routes(known).Select(r => r with { PerSecond = perRoute.GetValueOrDefault((r.Service, r.Route)) }).OrderByDescending(r => r.PerSecond).ThenByDescending(r => r.LastAt).Take(MostRoutes)]);

        double PerSecond(long count) => seconds > 0 ? TrafficViews.Rounded(count / seconds) : 0;
    }
}
