namespace Drizzle.Engine.Orleans.Grains;

/// <summary>A part of the buckets, by their hash; the key is its number. Where it is active, its buckets are owned and leased from.</summary>
[Alias("drizzle.bucket-shard"), Version(1)]
public interface IBucketShardGrain : IGrainWithIntegerKey
{
    /// <summary>The silo where it is, as <c>address:port@generation</c>; activates it where it is not anywhere.</summary>
    [Alias("where"), ResponseTimeout("00:00:02")]
    Task<string> WhereAsync();

    /// <summary>Its place is elsewhere: it hands over what it has, and is activated there.</summary>
    [Alias("leave"), ResponseTimeout("00:00:02")]
    Task LeaveAsync();
}

/// <summary>Finds shards; any silo does it.</summary>
[Alias("drizzle.shard-finder"), Version(1)]
public interface IShardFinderGrain : IGrainWithIntegerKey
{
    [Alias("find"), ResponseTimeout("00:00:02")]
    Task<FoundShards> FindAsync(int[] shards);

    /// <summary>All silos that are active.</summary>
    [Alias("silos"), ResponseTimeout("00:00:02")]
    Task<string[]> SilosAsync();
}
