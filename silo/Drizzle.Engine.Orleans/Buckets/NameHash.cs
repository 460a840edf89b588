namespace Drizzle.Engine.Orleans;

/// <summary>FNV-1a over characters: the same in all processes of a cluster, of whatever version.</summary>
public static class NameHash
{
    public const ulong Start = 14695981039346656037;

    private const ulong Prime = 1099511628211;

    public static ulong Add(ulong hash, string text)
    {
        foreach (var c in text) hash = (hash ^ c) * Prime;
        return hash;
    }

    /// <summary>So that texts one after another are not taken for one.</summary>
    public static ulong Apart(ulong hash) => hash * Prime;
}
