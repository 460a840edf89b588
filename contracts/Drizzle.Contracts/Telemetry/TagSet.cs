namespace Drizzle.Contracts.Telemetry;

/// <summary>The labels of one series.</summary>
internal readonly record struct TagSet(KeyValuePair<string, object?>[] Tags)
{
    public static TagSet Of(ReadOnlySpan<KeyValuePair<string, object?>> tags) => new(tags.ToArray());
}

/// <summary>Finds a series by the tags of a measurement, without making a key first.</summary>
internal sealed class TagSetComparer : IEqualityComparer<TagSet>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, TagSet>
{
    public static readonly TagSetComparer Instance = new();

    public bool Equals(TagSet x, TagSet y) => Equals(x.Tags, y);

    public int GetHashCode(TagSet obj) => GetHashCode(obj.Tags);

    public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, TagSet other)
    {
        if (alternate.Length != other.Tags.Length) return false;
        for (var i = 0; i < alternate.Length; i++)
        {
            if (alternate[i].Key != other.Tags[i].Key || !Equals(alternate[i].Value, other.Tags[i].Value)) return false;
        }
        return true;
    }

    public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
    {
        var hash = new HashCode();
        foreach (var (_, value) in alternate) hash.Add(value);
        return hash.ToHashCode();
    }

    public TagSet Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => TagSet.Of(alternate);
}
