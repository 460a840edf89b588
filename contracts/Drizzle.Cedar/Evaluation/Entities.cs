using System.Diagnostics.CodeAnalysis;

namespace Drizzle.Cedar;

/// <summary>Entities with all that they are in, worked out once and never changed. An entity that is named somewhere need not be there.</summary>
public sealed class Entities
{
    private static readonly HashSet<EntityUid> Nothing = [];

    private readonly Dictionary<EntityUid, Node> _own;
    private readonly PreparedEntity[] _laid;
    private readonly Entities? _beneath;

    private Entities() => (_own, _laid) = ([], []);

    private Entities(PreparedEntity[] laid, Entities beneath) => (_own, _laid, _beneath) = (None._own, laid, beneath);

    public static Entities None { get; } = new();

    /// <summary>All of them, but for those that others lie over.</summary>
    public IEnumerable<Entity> All => _own.Values.Select(n => n.Entity).Concat(_laid.Select(l => l.Node.Entity));

    /// <exception cref="CedarException">Two have the same name, or one is in itself.</exception>
    public static Entities Of(IEnumerable<Entity> entities)
    {
        var all = new Entities();
        all.Add(entities);
        return all;
    }

    /// <summary>An entity with all that it is in, by what is here: to be laid over these entities, once or often.</summary>
    public PreparedEntity Prepare(Entity entity)
    {
        HashSet<EntityUid> ancestors = [.. entity.Parents];
        foreach (var parent in entity.Parents) ancestors.UnionWith(AncestorsOf(parent));
        return new PreparedEntity(entity, ancestors);
    }

    /// <summary>
    /// A few entities laid over the ones that are here, which are not copied: for what belongs to one request alone. Where both have an entity, the one on top counts.
    /// </summary>
    /// <param name="entities">Prepared here; nothing that is here is in one of them.</param>
    public Entities With(params ReadOnlySpan<PreparedEntity> entities) => new(entities.ToArray(), this);

    public bool TryGet(EntityUid uid, [MaybeNullWhen(false)] out Entity entity)
    {
        entity = Find(uid)?.Entity;
        return entity is not null;
    }

    /// <summary>Whether one is the other, or is in it, directly or through others.</summary>
    public bool IsIn(EntityUid entity, EntityUid other) => entity.Equals(other) || AncestorsOf(entity).Contains(other);

    internal HashSet<EntityUid> AncestorsOf(EntityUid entity) => Find(entity)?.Ancestors ?? Nothing;

    internal Node? Find(EntityUid uid)
    {
        for (var layer = this; layer is not null; layer = layer._beneath)
        {
            foreach (var laid in layer._laid)
            {
                if (laid.Node.Entity.Uid.Equals(uid)) return laid.Node;
            }
            if (layer._own.TryGetValue(uid, out var node)) return node;
        }
        return null;
    }

    private void Add(IEnumerable<Entity> entities)
    {
        foreach (var entity in entities)
        {
            if (_own.TryGetValue(entity.Uid, out var known) && !IsSame(known.Entity, entity)) throw new CedarException($"The entity {entity.Uid} is there twice.");
            _own[entity.Uid] = new Node(entity);
        }
        foreach (var node in _own.Values) Climb(node);
    }

    /// <summary>Works out what an entity is in. Without recursion, since chains may be long.</summary>
    private void Climb(Node start)
    {
        var open = new Stack<(Node Node, int Next)>();
        Enter(start, open);
        while (open.TryPop(out var step))
        {
            var (node, next) = step;
            if (next == node.Entity.Parents.Count)
            {
                Close(node);
                continue;
            }
            open.Push((node, next + 1));
            if (_own.TryGetValue(node.Entity.Parents[next], out var parent)) Enter(parent, open);
        }
    }

    private static void Enter(Node node, Stack<(Node Node, int Next)> open)
    {
        if (node.State == NodeState.Done) return;
        if (node.State == NodeState.Open) throw new CedarException($"The entity {node.Entity.Uid} is in itself.");
        node.State = NodeState.Open;
        open.Push((node, 0));
    }

    private void Close(Node node)
    {
        var parents = node.Entity.Parents;
        // What is in nothing, and what is in things that are in nothing themselves, is most of all entities.
        var ancestors = parents.Count == 0 ? Nothing : [.. parents];
        foreach (var parent in parents) ancestors.UnionWith(AncestorsOf(parent));
        (node.Ancestors, node.State) = (ancestors, NodeState.Done);
    }

    private static bool IsSame(Entity one, Entity other) =>
        one.Attributes.Equals(other.Attributes) && one.Tags.Equals(other.Tags) && one.Parents.ToHashSet().SetEquals(other.Parents);

    internal enum NodeState
    {
        New,
        Open,
        Done,
    }

    /// <summary>An entity, and all that it is in.</summary>
    internal sealed class Node(Entity entity)
    {
        public Entity Entity => entity;

        public HashSet<EntityUid> Ancestors { get; set; } = Nothing;

        /// <summary>Whether its ancestors are known.</summary>
        public NodeState State { get; set; }
    }
}

/// <summary>An entity with all that it is in; see <see cref="Entities.Prepare"/>.</summary>
public sealed class PreparedEntity
{
    internal PreparedEntity(Entity entity, HashSet<EntityUid> ancestors) => Node = new Entities.Node(entity) { Ancestors = ancestors, State = Entities.NodeState.Done };

    public Entity Entity => Node.Entity;

    internal Entities.Node Node { get; }
}
