using Drizzle.Contracts.Ports;

namespace Drizzle.Conformance;

/// <summary>What an edge would hold: applies batches as the feed's contract says and checks that they keep to it.</summary>
internal sealed class EdgeView
{
    public ConfigPosition Position { get; private set; } = ConfigPosition.Start;

    /// <summary>The last change of each document that exists.</summary>
    public Dictionary<string, ConfigChange> Documents { get; } = [];

    public void Apply(ConfigBatch batch)
    {
        var last = batch.IsWhole ? 0 : Position.Revision;
        if (batch.IsWhole) Documents.Clear();
        else Assert.AreEqual(Position.Epoch, batch.Position.Epoch);
        foreach (var change in batch.Changes)
        {
            Assert.IsGreaterThan(last, change.Revision);
            last = change.Revision;
            if (change is ConfigChange.TenantDeleted) Documents.Remove(change.Slug);
            else Documents[change.Slug] = change;
        }
        Assert.IsLessThanOrEqualTo(batch.Position.Revision, last);
        Position = batch.Position;
    }

    /// <summary>Follows the feed from where this view is until <paramref name="isEnough"/> says so after a batch.</summary>
    public async Task FollowAsync(IConfigFeed feed, Func<bool> isEnough, CancellationToken cancellation)
    {
        await foreach (var batch in feed.SubscribeAsync(Position, cancellation))
        {
            Apply(batch);
            if (isEnough()) return;
        }
        Assert.Fail("The feed ended.");
    }

    public async Task EqualsStoreAsync(IConfigStore store, CancellationToken cancellation)
    {
        Assert.AreEqual(await store.PositionAsync(cancellation), Position);
        var slugs = await store.ListTenantsAsync(cancellation);
        Assert.AreSequenceEqual(slugs, Documents.Keys.Where(k => k.Length > 0).Order(StringComparer.Ordinal).ToList());
        foreach (var slug in slugs)
        {
            var stored = await store.ReadTenantAsync(slug, cancellation) ?? throw new InvalidOperationException($"No tenant {slug}.");
            Assert.AreEqual(new ConfigChange.TenantWritten(stored.Revision, slug, stored.Document), Documents[slug]);
        }
        var platform = await store.ReadPlatformAsync(cancellation);
        if (platform.Revision == 0) Assert.IsFalse(Documents.ContainsKey(""));
        else Assert.AreEqual(new ConfigChange.PlatformWritten(platform.Revision, platform.Platform), Documents[""]);
    }
}
