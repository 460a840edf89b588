using Drizzle.Contracts.Routing;
using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Routing;

/// <summary>A route at one of its hosts and one of its paths: what is ranked and matched.</summary>
/// <param name="Host">Null for any of the tenant's hosts or its prefix.</param>
internal sealed record RouteCandidate(CompiledRoute Route, string? Host, PathPattern Pattern)
{
    public static IEnumerable<RouteCandidate> Of(CompiledRoute route, PathPattern pattern) => route.Match is { Hosts.Count: > 0 } match
        ? match.Hosts.Select(host => new RouteCandidate(route, host, pattern))
        : [new(route, null, pattern)];
}

/// <summary>Which of two candidates that both match goes first.</summary>
internal static class RouteOrder
{
    /// <summary>In this order; what people wrote before what is implied, and at last names, so that there is always one that decides.</summary>
    private static readonly (string Why, Comparison<RouteCandidate> Compare)[] Criteria =
    [
        ("has the higher priority", static (a, b) => b.Route.Priority.CompareTo(a.Route.Priority)),
        ("has the more exact host", static (a, b) => HostRank(a.Host).CompareTo(HostRank(b.Host))),
        ("has the more exact path", static (a, b) => string.CompareOrdinal(a.Pattern.Shape, b.Pattern.Shape)),
        ("names its methods", static (a, b) => MethodRank(a).CompareTo(MethodRank(b))),
        ("has more conditions on headers and query", static (a, b) => Conditions(b).CompareTo(Conditions(a))),
        ("is written down, and not implied by a service", static (a, b) => a.Route.IsImplicit.CompareTo(b.Route.IsImplicit)),
        ("comes first by name", static (a, b) => string.CompareOrdinal(a.Route.Name, b.Route.Name)),
    ];

    public static int Compare(RouteCandidate a, RouteCandidate b)
    {
        foreach (var (_, compare) in Criteria)
        {
            if (compare(a, b) is not 0 and var order) return order;
        }
        return 0;
    }

    /// <returns>What puts the first before the second, such as <c>has the higher priority</c>.</returns>
    public static string WhyBefore(RouteCandidate first, RouteCandidate second) => Criteria.FirstOrDefault(c => c.Compare(first, second) < 0).Why ?? "is the same";

    /// <summary>Exact hosts first, then wildcards from the longest, then none.</summary>
    private static int HostRank(string? host) => host is null ? int.MaxValue : HostPattern.IsWildcard(host) ? 1000 - host.Length : 0;

    private static int MethodRank(RouteCandidate candidate) => candidate.Route.Match is { Methods.Count: > 0 } ? 0 : 1;

    private static int Conditions(RouteCandidate candidate) => candidate.Route.Match is { } match ? match.Headers.Count + match.Query.Count : 0;
}
