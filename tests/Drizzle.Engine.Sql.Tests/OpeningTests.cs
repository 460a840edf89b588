using Drizzle.Testing;

namespace Drizzle.Engine.Sql.Tests;

[TestClass]
public sealed class OpeningTests
{
    [TestMethod]
    public async Task A_missing_folder_is_made_for_its_owner_alone()
    {
        using var folder = new DataFolder();
        await using var engine = await folder.OpenAsync();
        if (!OperatingSystem.IsWindows()) Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path));
    }

    [TestMethod]
    public async Task A_folder_that_cannot_be_made_is_named_with_the_way_out()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.File("file"), "");
        foreach (var path in new[] { folder.File("file"), folder.File("file/data"), "/proc/drizzle", "/proc/self/drizzle" })
        {
            var refusal = await DataFolder.RefusalAsync(path);
            Assert.Contains($"The data folder {path} cannot be written: ", refusal, StringComparison.Ordinal);
            Assert.Contains("Name another with --data.", refusal, StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public async Task A_folder_that_takes_no_files_is_named_with_the_way_out() =>
        Assert.Contains("The data folder /proc/self cannot be written: ", await DataFolder.RefusalAsync("/proc/self"), StringComparison.Ordinal);

    [TestMethod]
    public async Task A_file_that_is_not_of_sqlite_is_left_as_it_is()
    {
        using var folder = new DataFolder();
        Directory.CreateDirectory(folder.Path);
        var text = string.Concat(Enumerable.Repeat("This is not a database. ", 500));
        await File.WriteAllTextAsync(folder.Database, text);
        Assert.Contains($"{folder.Database} is damaged or is not a SQLite file", await DataFolder.RefusalAsync(folder.Path), StringComparison.Ordinal);
        Assert.AreEqual(text, await File.ReadAllTextAsync(folder.Database));
        File.Delete(folder.Database);
        await using var engine = await folder.OpenAsync();
    }

    [TestMethod]
    public async Task A_folder_in_the_place_of_the_file_is_an_error_of_the_engine()
    {
        using var folder = new DataFolder();
        Directory.CreateDirectory(folder.Database);
        Assert.Contains($"{folder.Database} cannot be written", await DataFolder.RefusalAsync(folder.Path), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_newer_schema_is_refused_and_not_touched()
    {
        using var folder = new DataFolder();
        await using (var engine = await folder.OpenAsync()) await DataFolder.WriteAsync(engine, "acme", "kept");
        var version = folder.Sql("PRAGMA user_version");
        folder.Sql("PRAGMA user_version = 99");
        var refusal = await DataFolder.RefusalAsync(folder.Path);
        Assert.Contains($"{folder.Database} was written by a newer version of Drizzle (schema 99, this one knows {version})", refusal, StringComparison.Ordinal);
        Assert.AreEqual("99", folder.Sql("PRAGMA user_version"));
        folder.Sql($"PRAGMA user_version = {version}");
        await using var again = await folder.OpenAsync();
        Assert.AreEqual("kept", (await again.Store.ReadTenantAsync("acme", CancellationToken.None))?.Document.Tenant.Name);
    }
}
