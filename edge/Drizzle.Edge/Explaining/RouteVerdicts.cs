using Drizzle.Contracts.Explaining;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Routing;
using Drizzle.Contracts.Validation;
using Drizzle.Edge.Forwarding;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Routing;
using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Explaining;

/// <summary>
/// Says of each route that did not win why. Every condition is asked of the real matcher: a table that holds the one route with a part of its
/// conditions either finds it or does not.
/// </summary>
/// <param name="prefixLength">How the request is read: how much of its path is the tenant's prefix.</param>
/// <param name="method">The one by which a route was looked for.</param>
internal sealed class RouteVerdicts(Exchange exchange, TenantSnapshot tenant, int prefixLength, string method)
{
    public const int Most = 100;

    private static readonly Comparer<RouteCandidate> Order = Comparer<RouteCandidate>.Create(RouteOrder.Compare);

    /// <param name="Met">How many of its conditions hold.</param>
    /// <param name="Why">Put into words for those alone that are told of.</param>
    private sealed record Verdict(CompiledRoute Route, int Met, Func<string> Why);

    /// <param name="inAll">How many lost.</param>
    /// <returns>The closest first, at most <see cref="Most"/>.</returns>
    public IReadOnlyList<LostRoute> Lost(out int inAll)
    {
        var winner = exchange.Route is { } won ? Matching(won).Order(Order).FirstOrDefault() : null;
        var all = tenant.RoutesByName.Values.Where(r => !ReferenceEquals(r, exchange.Route)).Select(r => Judge(r, winner)).ToArray();
        inAll = all.Length;
        return [.. all.OrderByDescending(v => v.Met).ThenBy(v => v.Route.Name, StringComparer.Ordinal).Take(Most).Select(v => new LostRoute(v.Route.Name, v.Route.Upstream.Model.Slug, v.Why()))];
    }

    private Verdict Judge(CompiledRoute route, RouteCandidate? winner)
    {
        if (route.Match is not { } match)
        {
            return Matching(route).Any() ? Behind(route, winner) : new(route, 0, () => $"is the service's own, at {tenant.Prefix}/{route.Upstream.Model.Slug}/…");
        }
        var asked = new RouteMatch { Paths = match.Paths };
        if (!Finds(route, asked)) return new(route, 0, () => $"no path of it covers {Names.Shown(exchange.Path[prefixLength..])}: {string.Join(", ", match.Paths)}");
        asked = asked with { Hosts = match.Hosts };
        if (!Finds(route, asked)) return new(route, 1, () => prefixLength > 0 ? $"answers on its hosts alone, not under {tenant.Prefix}: {string.Join(", ", match.Hosts)}" : $"is for other hosts: {string.Join(", ", match.Hosts)}");
        asked = asked with { Methods = match.Methods };
        if (!Finds(route, asked)) return new(route, 2, () => $"takes other methods: {string.Join(", ", match.Methods)}");
        asked = asked with { Headers = match.Headers };
        if (!Finds(route, asked)) return new(route, 3, () => $"wants the header {Shown(match.Headers)}");
        return Finds(route, match) ? Behind(route, winner) : new(route, 4, () => $"wants the query parameter {Shown(match.Query)}");
    }

    private Verdict Behind(CompiledRoute route, RouteCandidate? winner) => new(route, 5, () => winner is null
        ? "matches, but the path is refused"
        : $"matches too, but {winner.Route.Name} {RouteOrder.WhyBefore(winner, Matching(route).Order(Order).First())}");

    private bool Finds(CompiledRoute route, RouteMatch match)
    {
        var model = new Route { Name = route.Name, Service = route.Upstream.Model.Slug, Match = match };
        return Matching(new CompiledRoute(route.Name, model, [], route.Upstream, [], [], RequestChanges.None, route.Metrics)).Any();
    }

    private IEnumerable<RouteCandidate> Matching(CompiledRoute route) => CandidatesOf(route).Where(Finds);

    private static IEnumerable<RouteCandidate> CandidatesOf(CompiledRoute route) => route.Match is { } match
        ? match.Paths.Select(p => PathPattern.Parse(p, out _)).OfType<PathPattern>().SelectMany(p => RouteCandidate.Of(route, p))
        : RouteCandidate.Of(route, SnapshotCompiler.ImpliedPath(route.Upstream.Model.Slug));

    private bool Finds(RouteCandidate candidate)
    {
        var builder = new RouteTableBuilder();
        builder.Add(candidate);
        var path = exchange.Path.Length == prefixLength ? "/" : exchange.Path.AsSpan(prefixLength);
        return builder.Build().Find(path, new(exchange.Host, prefixLength > 0, method, exchange.Http.Request)) is not null;
    }

    private static string Shown(IEnumerable<ValueMatch> conditions) => string.Join(", ", conditions.Select(c => c.Value is null ? c.Name : $"{c.Name}={c.Value}"));
}
