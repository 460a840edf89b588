using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Sql.Tests;

[TestClass]
public sealed class DamagedDocumentTests
{
    [TestMethod]
    [DataRow("'{\"tenant\":{\"slug\":\"acm'")]
    [DataRow("''")]
    [DataRow("'null'")]
    [DataRow("'[]'")]
    [DataRow("'{}'")]
    [DataRow("'{\"tenant\":{\"slug\":7}}'")]
    [DataRow("'{\"tenant\":{\"slug\":\"acme\",\"colour\":\"red\"}}'")]
    [DataRow("'{\"tenant\":{\"slug\":\"acme\",\"limits\":[{\"name\":\"l\",\"rate\":\"often\",\"burst\":1}]}}'")]
    [DataRow("'{\"tenant\":{\"slug\":\"acme\",\"consumers\":[{\"name\":\"c\",\"attributes\":{\"a\":1}}]}}'")]
    [DataRow("x'00ff'")]
    [DataRow("42")]
    public async Task A_tenant_that_cannot_be_read_is_told_and_keeps_nobody_else(string body)
    {
        using var folder = new DataFolder();
        await using (var engine = await folder.OpenAsync())
        {
            await DataFolder.WriteAsync(engine, "acme", "acme");
            await DataFolder.WriteAsync(engine, "beta", "beta");
        }
        folder.Sql($"UPDATE documents SET body = {body} WHERE scope = 'acme'");
        await using var again = await folder.OpenAsync();
        var first = await FirstAsync(again);
        var unreadable = Assert.ContainsSingle(first.Changes.OfType<ConfigChange.Unreadable>().ToList());
        Assert.AreEqual((1, "acme"), (unreadable.Revision, unreadable.Slug));
        Assert.AreEqual("beta", Assert.ContainsSingle(first.Changes.OfType<ConfigChange.TenantWritten>().ToList()).Slug);
        var refusal = await Assert.ThrowsExactlyAsync<EngineException>(() => again.Store.ReadTenantAsync("acme", CancellationToken.None).AsTask());
        Assert.Contains("tenant 'acme'", refusal.Message, StringComparison.Ordinal);

        // Whoever knows its revision writes it anew.
        var repaired = await again.Store.WriteTenantAsync("acme", 1, new() { Tenant = new() { Slug = "acme" } }, new("tester", null), CancellationToken.None);
        Assert.AreEqual(new WriteOutcome.Written(3), repaired);
    }

    [TestMethod]
    [DataRow("'{'")]
    [DataRow("'null'")]
    [DataRow("'{\"colour\":\"red\"}'")]
    public async Task A_platform_that_cannot_be_read_is_told(string body)
    {
        using var folder = new DataFolder();
        await using (var engine = await folder.OpenAsync())
        {
            await engine.Store.WritePlatformAsync(0, new(), new("tester", null), CancellationToken.None);
        }
        folder.Sql($"UPDATE documents SET body = {body} WHERE scope = ''");
        await using var again = await folder.OpenAsync();
        Assert.AreEqual("", Assert.ContainsSingle((await FirstAsync(again)).Changes.OfType<ConfigChange.Unreadable>().ToList()).Slug);
        var refusal = await Assert.ThrowsExactlyAsync<EngineException>(() => again.Store.ReadPlatformAsync(CancellationToken.None).AsTask());
        Assert.Contains("platform", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<ConfigBatch> FirstAsync(SqliteEngine engine)
    {
        await using var feed = engine.Feed.SubscribeAsync(ConfigPosition.Start, CancellationToken.None).GetAsyncEnumerator();
        Assert.IsTrue(await feed.MoveNextAsync());
        return feed.Current;
    }
}
