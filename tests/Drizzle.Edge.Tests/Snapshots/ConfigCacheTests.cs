using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Edge.Snapshots;
using Drizzle.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Drizzle.Edge.Tests.Snapshots;

[TestClass]
public sealed class ConfigCacheTests
{
    private readonly FakeClock _clock = new();
    private readonly TestFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    [TestMethod]
    public void What_was_saved_comes_back_whole()
    {
        Assert.IsNull(Open().Load());
        Open().Save(new(new("e", 2), IsWhole: true, [new ConfigChange.PlatformWritten(1, new Platform { TrustedProxies = ["10.0.0.0/8"] }), Tenant("acme", 2)]));
        _clock.Advance(TimeSpan.FromSeconds(3));
        var (batch, _) = Open().Load() ?? throw new AssertFailedException("Nothing came back.");
        Assert.IsTrue(batch.IsWhole);
        Assert.AreEqual(new ConfigPosition("e", 2), batch.Position);
        CollectionAssert.AreEquivalent(
            new ConfigChange[] { new ConfigChange.PlatformWritten(1, new Platform { TrustedProxies = ["10.0.0.0/8"] }), Tenant("acme", 2) }, batch.Changes.ToArray());
    }

    [TestMethod]
    public void Later_batches_change_add_and_remove()
    {
        var cache = Open();
        cache.Save(new(new("e", 2), IsWhole: true, [Tenant("acme", 1), Tenant("gone", 2)]));
        cache.Save(new(new("e", 5), IsWhole: false, [Tenant("acme", 3), new ConfigChange.TenantDeleted(4, "gone"), Tenant("new", 5), new ConfigChange.Unreadable(5, "acme", "no")]));
        CollectionAssert.AreEquivalent(new[] { "acme 3", "new 5" }, Kept());
        cache.Save(new(new("another", 1), IsWhole: true, [Tenant("only", 1)]));
        CollectionAssert.AreEquivalent(new[] { "only 1" }, Kept());

        string[] Kept() => Open().Load() is { } kept ? [.. kept.Batch.Changes.Select(c => $"{c.Slug} {c.Revision}")] : [];
    }

    [TestMethod]
    [DataRow("position", "")]
    [DataRow("position", "e\nx\n")]
    [DataRow("acme.json", "")]
    [DataRow("acme.json", "1\n{")]
    [DataRow("acme.json", "1\nnull")]
    [DataRow("acme.json", "{}")]
    public void A_file_that_is_broken_leaves_nothing_to_start_from(string file, string text)
    {
        Open().Save(new(new("e", 1), IsWhole: true, [Tenant("acme", 1)]));
        File.WriteAllText(Path.Combine(_folder.File("cache"), file), text);
        Assert.IsNull(Open().Load());
    }

    [TestMethod]
    public void What_is_kept_is_for_this_user_alone()
    {
        Open().Save(new(new("e", 1), IsWhole: true, [Tenant("acme", 1)]));
        if (OperatingSystem.IsWindows()) return;
        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.File("cache")));
        foreach (var file in Directory.GetFiles(_folder.File("cache"))) Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [TestMethod]
    public void A_folder_that_cannot_be_written_disturbs_nothing()
    {
        File.WriteAllText(_folder.File("cache"), "a file is in the way");
        Open().Save(new(new("e", 1), IsWhole: true, [Tenant("acme", 1)]));
        Open().UpToDate();
        Assert.IsNull(Open().Load());
    }

    [TestMethod]
    public void After_a_change_that_could_not_be_kept_nothing_is_used_until_a_whole_state_comes()
    {
        var cache = Open();
        cache.Save(new(new("e", 1), IsWhole: true, [Tenant("other", 1)]));
        Directory.CreateDirectory(Path.Combine(_folder.File("cache"), "acme.json"));
        cache.Save(new(new("e", 2), IsWhole: false, [Tenant("acme", 2)]));
        Directory.Delete(Path.Combine(_folder.File("cache"), "acme.json"));
        cache.Save(new(new("e", 3), IsWhole: false, [Tenant("other", 3)]));
        Assert.IsNull(Open().Load(), "the second change is missing");
        cache.Save(new(new("e", 4), IsWhole: true, [Tenant("acme", 2), Tenant("other", 3)]));
        Assert.AreEqual(4, Open().Load()?.Batch.Position.Revision);
    }

    [TestMethod]
    public void Contact_makes_it_young_again()
    {
        var cache = Open();
        cache.Save(new(new("e", 1), IsWhole: true, []));
        cache.UpToDate();
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.AreEqual(TimeSpan.FromMinutes(5), Open().Load()?.Age);
        cache.UpToDate();
        Assert.AreEqual(TimeSpan.Zero, Open().Load()?.Age);
    }

    private ConfigCache Open() => new(_folder.File("cache"), _clock, NullLogger<ConfigCache>.Instance);

    private static ConfigChange Tenant(string slug, long revision) =>
        new ConfigChange.TenantWritten(revision, slug, new TenantDocument { Tenant = new() { Slug = slug }, Keys = [new ApiKey { Prefix = "drz_12345678", Consumer = "c", Hash = new string('0', 64) }] });
}
