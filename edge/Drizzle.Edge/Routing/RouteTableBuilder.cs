using Drizzle.Contracts.Routing;
using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Routing;

/// <summary>Ranks the routes of a tenant and lays them out as a <see cref="RouteTable"/>.</summary>
internal sealed class RouteTableBuilder
{
    private sealed class Branch
    {
        public readonly Dictionary<string, Branch> Children = [];
        public Branch? Any;
        public readonly List<RouteTable.Entry> Exact = [];
        public readonly List<RouteTable.Entry> Rest = [];
    }

    private readonly List<RouteCandidate> _candidates = [];

    public void Add(CompiledRoute route, PathPattern pattern) => _candidates.AddRange(RouteCandidate.Of(route, pattern));

    public void Add(RouteCandidate candidate) => _candidates.Add(candidate);

    public RouteTable Build()
    {
        if (_candidates.Count == 0) return RouteTable.Empty;
        _candidates.Sort(RouteOrder.Compare);
        var root = new Branch();
        for (var rank = 0; rank < _candidates.Count; rank++) Plant(root, _candidates[rank], rank);
        return new Layout().Lay(root);
    }

    private static void Plant(Branch root, RouteCandidate candidate, int rank)
    {
        var branch = root;
        var entry = new RouteTable.Entry(candidate.Route, candidate.Host, rank, MethodSets.Of(candidate.Route));
        foreach (var segment in candidate.Pattern.Segments)
        {
            if (segment.Kind == SegmentKind.Rest)
            {
                branch.Rest.Add(entry);
                return;
            }
            branch = segment is { Kind: SegmentKind.Literal, Text: { } text } ? Child(branch, text) : branch.Any ??= new Branch();
        }
        branch.Exact.Add(entry);
    }

    private static Branch Child(Branch branch, string segment)
    {
        if (!branch.Children.TryGetValue(segment, out var child)) branch.Children.Add(segment, child = new Branch());
        return child;
    }

    private sealed class Layout
    {
        private readonly List<RouteTable.Node> _nodes = [new() { Segment = "" }];
        private readonly List<RouteTable.Entry> _entries = [];

        public RouteTable Lay(Branch root)
        {
            Fill(0, "", root);
            return new RouteTable([.. _nodes], [.. _nodes.Select(n => RouteTable.HashOf(n.Segment))], [.. _entries]);
        }

        /// <returns>The best rank at or below the branch.</returns>
        private int Fill(int index, string segment, Branch branch)
        {
            var node = new RouteTable.Node { Segment = segment, Any = RouteTable.None, FirstChild = _nodes.Count, ChildCount = branch.Children.Count };
            (node.FirstExact, node.ExactCount) = Append(branch.Exact);
            (node.FirstRest, node.RestCount) = Append(branch.Rest);
            foreach (var _ in branch.Children) _nodes.Add(default);
            if (branch.Any is not null)
            {
                node.Any = _nodes.Count;
                _nodes.Add(default);
            }
            var best = branch.Exact.Concat(branch.Rest).Select(e => e.Rank).DefaultIfEmpty(int.MaxValue).Min();
            var child = node.FirstChild;
            foreach (var (text, below) in branch.Children.OrderBy(c => RouteTable.HashOf(c.Key))) best = Math.Min(best, Fill(child++, text, below));
            if (branch.Any is not null) best = Math.Min(best, Fill(node.Any, "*", branch.Any));
            node.BestRank = best;
            _nodes[index] = node;
            return best;
        }

        private (int First, int Count) Append(List<RouteTable.Entry> entries)
        {
            var first = _entries.Count;
            _entries.AddRange(entries);
            return (first, entries.Count);
        }
    }
}
