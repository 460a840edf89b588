using Drizzle.Contracts.Routing;

namespace Drizzle.Edge.Snapshots;

/// <summary>Holds the snapshot of one tenant; replacing it is one exchange, and no other tenant notices.</summary>
internal sealed class TenantSlot(TenantSnapshot snapshot)
{
    private volatile TenantSnapshot _current = snapshot;

    public TenantSnapshot Current
    {
        get => _current;
        set => _current = value;
    }
}

/// <summary>Finds the tenant of a request. Immutable; made anew only when a tenant comes or goes or its hosts change.</summary>
internal sealed class TenantIndex
{
    public static readonly TenantIndex Empty = new(new Dictionary<string, TenantSlot>());

    private readonly Dictionary<string, TenantSlot> _slugs;
    private readonly Dictionary<string, TenantSlot> _hosts = [];
    private readonly Dictionary<string, TenantSlot> _wildcards = [];
    private readonly Dictionary<string, TenantSlot>.AlternateLookup<ReadOnlySpan<char>> _bySlug;
    private readonly Dictionary<string, TenantSlot>.AlternateLookup<ReadOnlySpan<char>> _byWildcard;

    public TenantIndex(Dictionary<string, TenantSlot> slots)
    {
        _slugs = slots;
        foreach (var slot in slots.Values)
        {
            foreach (var host in slot.Current.Document.Tenant.Hosts)
            {
                // A host that two documents claim goes to whichever had it first; the store refuses the second.
                if (HostPattern.IsWildcard(host)) _wildcards.TryAdd(host[2..], slot);
                else _hosts.TryAdd(host, slot);
            }
        }
        _bySlug = _slugs.GetAlternateLookup<ReadOnlySpan<char>>();
        _byWildcard = _wildcards.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IReadOnlyDictionary<string, TenantSlot> Slots => _slugs;

    /// <summary>
    /// A tenant's own host sees that tenant alone, with or without its prefix; any other host sees the tenant that the path's first segment names.
    /// </summary>
    /// <param name="host">Lower case, without port.</param>
    /// <param name="path">In normal form.</param>
    /// <param name="prefixLength">How much of the path is the tenant's prefix; 0 where the host decided and there is none.</param>
    /// <param name="isOwnHost">Whether the host decided.</param>
    public TenantSnapshot? Find(string host, ReadOnlySpan<char> path, out int prefixLength, out bool isOwnHost)
    {
        var slash = path[1..].IndexOf('/');
        var first = slash < 0 ? path[1..] : path.Slice(1, slash);
        prefixLength = first.Length + 1;
        isOwnHost = false;
        if (FindHost(host) is { } owner)
        {
            isOwnHost = true;
            var tenant = owner.Current;
            if (!first.SequenceEqual(tenant.Slug)) prefixLength = 0;
            return tenant;
        }
        return _bySlug.TryGetValue(first, out var slot) ? slot.Current : null;
    }

    /// <param name="host">Lower case, without port.</param>
    /// <returns>The tenant whose own host it is.</returns>
    public TenantSnapshot? ByHost(string host) => FindHost(host)?.Current;

    private TenantSlot? FindHost(string host)
    {
        if (_hosts.TryGetValue(host, out var slot)) return slot;
        if (_wildcards.Count == 0) return null;
        // The longest wildcard that covers the host, label by label from the left.
        for (var dot = host.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = host.IndexOf('.', dot + 1))
        {
            if (_byWildcard.TryGetValue(host.AsSpan(dot + 1), out slot)) return slot;
        }
        return null;
    }
}
