using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Routing;

/// <summary>
/// The routes of one tenant as a tree of path segments, laid out in arrays: immutable, shared by all requests. Every route has a rank,
/// lower goes first, so the best match is the lowest rank whose conditions hold; a branch that holds no lower one is not entered.
/// </summary>
internal sealed class RouteTable
{
    internal const int None = -1;

    /// <summary>A node's children are neighbours in the array, sorted by segment.</summary>
    internal struct Node
    {
        public string Segment;
        public int FirstChild;
        public int ChildCount;
        public int Any;
        public int FirstExact;
        public int ExactCount;
        public int FirstRest;
        public int RestCount;
        public int BestRank;
    }

    /// <param name="Host">A host or wildcard that must match; null for any of the tenant's hosts or its prefix.</param>
    internal readonly record struct Entry(CompiledRoute Route, string? Host, int Rank);

    public static readonly RouteTable Empty = new([new Node { Segment = "", Any = None, BestRank = int.MaxValue }], []);

    private readonly Node[] _nodes;
    private readonly Entry[] _entries;

    internal RouteTable(Node[] nodes, Entry[] entries)
    {
        _nodes = nodes;
        _entries = entries;
    }

    /// <param name="path">In normal form, with its leading slash; a slash at the end does not count.</param>
    /// <param name="request">What the conditions look at.</param>
    public CompiledRoute? Find(ReadOnlySpan<char> path, in MatchRequest request)
    {
        var search = new Search { Best = int.MaxValue, Request = request };
        Visit(0, path.Trim('/'), ref search);
        return search.Found;
    }

    private void Visit(int index, ReadOnlySpan<char> rest, ref Search search)
    {
        ref readonly var node = ref _nodes[index];
        if (node.BestRank >= search.Best) return;
        if (rest.IsEmpty)
        {
            Judge(node.FirstExact, node.ExactCount, ref search);
        }
        else
        {
            var slash = rest.IndexOf('/');
            var segment = slash < 0 ? rest : rest[..slash];
            var next = slash < 0 ? [] : rest[(slash + 1)..];
            var child = FindChild(node, segment);
            if (child != None) Visit(child, next, ref search);
            if (node.Any != None) Visit(node.Any, next, ref search);
        }
        Judge(node.FirstRest, node.RestCount, ref search);
    }

    private int FindChild(in Node node, ReadOnlySpan<char> segment)
    {
        var low = node.FirstChild;
        var high = low + node.ChildCount - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = segment.SequenceCompareTo(_nodes[middle].Segment);
            if (order == 0) return middle;
            if (order < 0) high = middle - 1;
            else low = middle + 1;
        }
        return None;
    }

    /// <summary>Entries of one node stand in the order of their ranks.</summary>
    private void Judge(int first, int count, ref Search search)
    {
        for (var i = first; i < first + count; i++)
        {
            ref readonly var entry = ref _entries[i];
            if (entry.Rank >= search.Best) return;
            if (!search.Request.IsMetBy(entry)) continue;
            search.Best = entry.Rank;
            search.Found = entry.Route;
            return;
        }
    }

    private ref struct Search
    {
        public MatchRequest Request;
        public int Best;
        public CompiledRoute? Found;
    }
}
