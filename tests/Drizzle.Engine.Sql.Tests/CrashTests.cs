namespace Drizzle.Engine.Sql.Tests;

[TestClass]
public sealed class CrashTests
{
    [TestMethod]
    public async Task What_was_acknowledged_survives_a_kill_at_any_moment()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var folder = new DataFolder();
        var random = new Random();
        var acknowledged = new List<Acknowledged>();
        for (var round = 0; round < 5; round++)
        {
            using var writer = WriterProcess.Start(folder.Path);
            acknowledged.AddRange(await writer.TakeAsync(random.Next(1, 150), patience.Token));
            writer.Kill();
            acknowledged.AddRange(await writer.TakeAsync(int.MaxValue, patience.Token));
            await writer.EndAsync(patience.Token);
            await folder.ExpectAsync(acknowledged);
        }
    }

    [TestMethod]
    public async Task A_second_process_is_told_that_the_folder_is_in_use()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var folder = new DataFolder();
        using var first = WriterProcess.Start(folder.Path);
        Assert.IsNotNull(await first.NextAsync(patience.Token));
        Assert.Contains($"The data folder {folder.Path} is in use by another process", await DataFolder.RefusalAsync(folder.Path), StringComparison.Ordinal);
        Assert.IsNotNull(await first.NextAsync(patience.Token));
        first.Kill();
        await first.EndAsync(patience.Token);
        await using var second = await folder.OpenAsync();
        await DataFolder.WriteAsync(second, "acme", "after");
    }

    [TestMethod]
    public async Task A_second_engine_of_one_process_is_told_too()
    {
        using var folder = new DataFolder();
        await using (await folder.OpenAsync()) Assert.Contains("is in use by another process", await DataFolder.RefusalAsync(folder.Path), StringComparison.Ordinal);
        await using var again = await folder.OpenAsync();
    }
}
