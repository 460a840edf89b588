using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Routing;

/// <summary>
/// The routes of one tenant as a tree of path segments, laid out in arrays: immutable, shared by all requests. Every route has a rank,
/// lower goes first, so the best match is the lowest rank whose conditions hold; a branch that holds no lower one is not entered.
/// </summary>
internal sealed class RouteTable
{
    internal const int None = -1;

    /// <summary>A node's children are neighbours in the array, sorted by the hashes of their segments.</summary>
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
    /// <param name="Methods">Those that match, as <see cref="MethodSet"/> has them; so most entries are judged without a look at their routes.</param>
    internal readonly record struct Entry(CompiledRoute Route, string? Host, int Rank, MethodSet Methods);

    public static readonly RouteTable Empty = new([new Node { Segment = "", Any = None, BestRank = int.MaxValue }], [0], []);

    private readonly Node[] _nodes;

    // The hashes of the nodes' segments, apart from them: a search among many children then reads few lines of memory.
    private readonly int[] _hashes;
    private readonly Entry[] _entries;

    internal RouteTable(Node[] nodes, int[] hashes, Entry[] entries)
    {
        _nodes = nodes;
        _hashes = hashes;
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

    /// <summary>Random in each process, so that nobody can choose segments that collide.</summary>
    internal static int HashOf(ReadOnlySpan<char> segment) => string.GetHashCode(segment, StringComparison.Ordinal);

    private int FindChild(in Node node, ReadOnlySpan<char> segment)
    {
        if (node.ChildCount == 0) return None;
        var children = _hashes.AsSpan(node.FirstChild, node.ChildCount);
        var hash = HashOf(segment);
        var found = children.BinarySearch(hash);
        if (found < 0) return None;
        // Equal hashes are neighbours; almost always there is one.
        while (found > 0 && children[found - 1] == hash) found--;
        for (; found < children.Length && children[found] == hash; found++)
        {
            if (segment.SequenceEqual(_nodes[node.FirstChild + found].Segment)) return node.FirstChild + found;
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
