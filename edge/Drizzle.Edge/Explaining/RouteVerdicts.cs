using Drizzle.Contracts.Explaining;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Routing;
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
internal sealed class RouteVerdicts(Exchange exchange, TenantSnapshot tenant, int prefixLength)
{
    public const int Most = 100;

    /// <param name="Met">How many of its conditions hold.</param>
    private sealed record Verdict(LostRoute Lost, int Met);

    /// <returns>The closest first; all of them.</returns>
    public IReadOnlyList<LostRoute> Lost()
    {
        var winner = exchange.Route is { } won ? Matching(won).OrderBy(c => c, Comparer<RouteCandidate>.Create(RouteOrder.Compare)).FirstOrDefault() : null;
        return [.. tenant.RoutesByName.Values.Where(r => !ReferenceEquals(r, exchange.Route)).Select(r => Judge(r, winner)).OrderByDescending(v => v.Met).ThenBy(v => v.Lost.Name, StringComparer.Ordinal).Select(v => v.Lost)];
    }

    private Verdict Judge(CompiledRoute route, RouteCandidate? winner)
    {
        var (why, met) = route.Match is { } match ? WhyNot(route, match) : WhyNotImplied(route);
        if (why is null && winner is not null)
        {
            var best = Matching(route).OrderBy(c => c, Comparer<RouteCandidate>.Create(RouteOrder.Compare)).First();
            why = $"matches too, but {winner.Route.Name} {RouteOrder.WhyBefore(winner, best)}";
        }
        return new(new(route.Name, route.Upstream.Model.Slug, why ?? "matches, but the path is refused"), met);
    }

    private (string? Why, int Met) WhyNot(CompiledRoute route, RouteMatch match)
    {
        var asked = new RouteMatch { Paths = match.Paths };
        if (!Finds(route, asked)) return ($"no path of it covers {exchange.Path.AsSpan(prefixLength)}: {string.Join(", ", match.Paths)}", 0);
        asked = asked with { Hosts = match.Hosts };
        if (!Finds(route, asked)) return (prefixLength > 0 ? $"answers on its hosts alone, not under {tenant.Prefix}: {string.Join(", ", match.Hosts)}" : $"is for other hosts: {string.Join(", ", match.Hosts)}", 1);
        asked = asked with { Methods = match.Methods };
        if (!Finds(route, asked)) return ($"takes other methods: {string.Join(", ", match.Methods)}", 2);
        asked = asked with { Headers = match.Headers };
        if (!Finds(route, asked)) return ($"wants the header {Shown(match.Headers)}", 3);
        return Finds(route, match) ? (null, 5) : ($"wants the query parameter {Shown(match.Query)}", 4);
    }

    private (string? Why, int Met) WhyNotImplied(CompiledRoute route) =>
        Matching(route).Any() ? (null, 5) : ($"is the service's own, at {tenant.Prefix}/{route.Upstream.Model.Slug}/…", 0);

    private bool Finds(CompiledRoute route, RouteMatch match)
    {
        var model = new Route { Name = route.Name, Service = route.Upstream.Model.Slug, Match = match };
        return Matching(new CompiledRoute(route.Name, model, route.Upstream, [], RequestChanges.None, route.Metrics)).Any();
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
        return builder.Build().Find(path, new(exchange.Host, prefixLength > 0, exchange.Http.Request.Method, exchange.Http.Request)) is not null;
    }

    private static string Shown(IEnumerable<ValueMatch> conditions) => string.Join(", ", conditions.Select(c => c.Value is null ? c.Name : $"{c.Name}={c.Value}"));
}
