using Drizzle.Testing;

namespace Drizzle.Engine.Sql.Tests;

[TestClass]
public sealed class FullDiskTests
{
    private const string LimitedFiles = "trap '' XFSZ; ulimit -f 600; exec \"$@\"";

    // The mount is seen by this process alone and goes with it.
    private const string SmallDisk = """
        mount -t tmpfs -o size=3m tmpfs "$3" || exit 99
        head -c 1500000 /dev/zero > "$3/ballast"
        "$1" "$2" "$3/data" "$3/ballast"
        code=$?
        cp -r "$3/data" "$4" && exit $code
        """;

    [TestMethod]
    public async Task A_write_past_the_largest_file_says_so_and_leaves_nothing_half_written()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var folder = new DataFolder();
        using var writer = WriterProcess.StartUnder(LimitedFiles, folder.Path);
        var acknowledged = await writer.TakeAsync(int.MaxValue, patience.Token);
        var (code, errors) = await writer.EndAsync(patience.Token);
        Assert.AreEqual(1, code, errors);
        Assert.Contains("nothing was written. Is the disk full", errors, StringComparison.Ordinal);
        Assert.IsGreaterThan(10, acknowledged.Count);

        await folder.ExpectAsync(acknowledged);
        await using var engine = await folder.OpenAsync();
        Assert.AreEqual(acknowledged[^1].Revision, (await engine.Store.PositionAsync(patience.Token)).Revision);
        Assert.AreEqual(acknowledged[^1].Revision + 1, await DataFolder.WriteAsync(engine, "acme", "after"));
    }

    [TestMethod]
    public async Task A_full_disk_is_said_to_be_and_the_engine_goes_on_when_there_is_room()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var folder = new DataFolder();
        using var disk = new TestFolder();
        using var writer = WriterProcess.StartUnder($"unshare --map-root-user --mount bash -c '{SmallDisk}' bash \"$@\"", disk.Path, folder.Path);
        var acknowledged = await writer.TakeAsync(int.MaxValue, patience.Token);
        var (code, errors) = await writer.EndAsync(patience.Token);
        if (acknowledged.Count == 0) Assert.Inconclusive($"This machine mounts nothing for a test: {errors}");
        Assert.AreEqual(0, code, errors);
        Assert.Contains("is full: nothing was written. Free some room and try again.", errors, StringComparison.Ordinal);
        Assert.IsGreaterThan(30, acknowledged.Count);
        await folder.ExpectAsync(acknowledged);
    }
}
