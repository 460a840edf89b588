using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Testing;
using Microsoft.Data.Sqlite;

namespace Drizzle.Engine.Sql.Tests;

/// <summary>A data folder, with SQL behind the engine's back.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly TestFolder _folder = new();

    public string Path => _folder.File("data");

    public string Database => System.IO.Path.Combine(Path, "drizzle.db");

    public static async Task<SqliteEngine> OpenAsync(string path) => await SqliteEngine.OpenAsync(path, new FakeClock(), CancellationToken.None);

    public Task<SqliteEngine> OpenAsync() => OpenAsync(Path);

    /// <returns>What the engine says instead of opening.</returns>
    public static async Task<string> RefusalAsync(string path) => (await Assert.ThrowsExactlyAsync<EngineException>(() => OpenAsync(path))).Message;

    public static async Task<long> WriteAsync(SqliteEngine engine, string slug, string name)
    {
        var stored = await engine.Store.ReadTenantAsync(slug, CancellationToken.None);
        var outcome = await engine.Store.WriteTenantAsync(
            slug, stored?.Revision ?? 0, new TenantDocument { Tenant = new() { Slug = slug, Name = name } }, new ChangeAuthor("tester", null), CancellationToken.None);
        return Assert.IsInstanceOfType<WriteOutcome.Written>(outcome).Revision;
    }

    public string? Sql(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Database, Pooling = false }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }

    /// <summary>Checks that the file is sound, that each acknowledged write is in the history and that each tenant is as it was last written.</summary>
    public async Task ExpectAsync(IReadOnlyList<Acknowledged> acknowledged)
    {
        Assert.AreEqual("ok", Sql("PRAGMA integrity_check"));
        await using var engine = await OpenAsync();
        var history = (await engine.Store.ListRevisionsAsync(null, long.MaxValue, int.MaxValue, CancellationToken.None)).ToDictionary(e => e.Revision, e => e.Scope);
        foreach (var write in acknowledged) Assert.AreEqual(write.Slug, history[write.Revision]);
        // A writer may have been stopped between a commit and its word of it.
        var unsaid = history.Keys.Except(acknowledged.Select(a => a.Revision)).ToHashSet();
        foreach (var last in acknowledged.GroupBy(a => a.Slug).Select(g => g.MaxBy(a => a.Revision)).OfType<Acknowledged>())
        {
            var stored = await engine.Store.ReadTenantAsync(last.Slug, CancellationToken.None) ?? throw new AssertFailedException($"{last.Slug} is lost.");
            if (stored.Revision == last.Revision) Assert.AreEqual(last.Name, stored.Document.Tenant.Name);
            else Assert.IsTrue(stored.Revision > last.Revision && unsaid.Contains(stored.Revision), $"{last.Slug} is at {stored.Revision}, not {last.Revision}");
        }
    }

    public void Dispose() => _folder.Dispose();
}
