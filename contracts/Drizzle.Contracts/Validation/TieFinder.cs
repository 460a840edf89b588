using Drizzle.Contracts.Model;
using Drizzle.Contracts.Routing;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Validation;

/// <summary>Finds routes of one tenant between which neither priority nor specificity decides.</summary>
internal sealed class TieFinder(Findings findings)
{
    private readonly record struct Rank(int Priority, string Host, string Path, bool HasMethods, int Conditions);

    private readonly Dictionary<Rank, List<Route>> _seen = [];

    public void Add(Route route, PathPattern pattern, string where)
    {
        var match = route.Match;
        foreach (var host in match.Hosts.Count == 0 ? [""] : match.Hosts)
        {
            var rank = new Rank(route.Priority, host, pattern.Key, match.Methods.Count > 0, match.Headers.Count + match.Query.Count);
            if (!_seen.TryGetValue(rank, out var others)) _seen.Add(rank, others = []);
            var rival = others.Find(o => ReferenceEquals(o, route) || Overlap(o.Match, match));
            others.Add(route);
            if (rival is null) continue;
            findings.Add(where, ReferenceEquals(rival, route)
                ? $"'{pattern.Text}' stands twice in this route."
                : $"'{pattern.Text}' ties with route '{rival.Name}': the same requests match both. Give one a priority or a condition of its own.");
            return;
        }
    }

    private static bool Overlap(RouteMatch a, RouteMatch b)
    {
        if (a.Methods.Count > 0 && !a.Methods.Any(b.Methods.Contains)) return false;
        return !AreDisjoint(a.Headers, b.Headers, StringComparer.OrdinalIgnoreCase) && !AreDisjoint(a.Query, b.Query, StringComparer.Ordinal);
    }

    /// <summary>Two conditions on the same name with different exact values are never both true.</summary>
    private static bool AreDisjoint(ValueList<ValueMatch> a, ValueList<ValueMatch> b, StringComparer names) =>
        a.Any(x => x.Value is not null && b.Any(y => y.Value is not null && names.Equals(x.Name, y.Name) && x.Value != y.Value));
}
