using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Testing;
using Npgsql;

namespace Drizzle.Engine.Sql.Tests;

/// <summary>What the logins of edges and of the admin may do in the database, by trying.</summary>
[TestClass]
public sealed class PostgresRolesTests(TestContext context)
{
    private static readonly ChangeAuthor Author = new("test", null);

    private CancellationToken Stop => context.CancellationToken;

    [TestMethod]
    public async Task An_edge_reads_configuration_and_reports_and_does_nothing_else()
    {
        await using var server = await PostgresServer.StartAsync();
        var owner = await server.CreateDatabaseAsync();
        await using var engine = await PostgresEngine.OpenAsync(owner, TimeProvider.System, Stop);
        await engine.Store.WriteTenantAsync("acme", 0, Document("acme"), new ChangeAuthor("test", null), Stop);
        var login = await server.CreateLoginAsync(owner, "an_edge", "drizzle_edge");

        await using var edge = PostgresEngine.Connect(login, TimeProvider.System);
        await using var feed = edge.Feed.SubscribeAsync(ConfigPosition.Start, Stop).GetAsyncEnumerator(Stop);
        Assert.IsTrue(await feed.MoveNextAsync());
        Assert.AreEqual("acme", Assert.ContainsSingle(feed.Current.Changes).Slug);
        var report = new EdgeReport("edge", "1", "here", TimeProvider.System.GetUtcNow(), feed.Current.Position, []);
        Assert.AreEqual(feed.Current.Position, await edge.Edges.ReportAsync(report, Stop));
        Assert.IsTrue(await edge.Edges.ForgetAsync("edge", Stop));

        await RefusedAsync(() => edge.Store.WriteTenantAsync("acme", 1, null, new ChangeAuthor("edge", null), Stop).AsTask());
        await RefusedAsync(() => edge.Tokens.ListAsync("", Stop).AsTask());
        await RefusedAsync(() => edge.Tokens.AddAsync(new AccessToken("", "mine", new string('0', 64), AccessRole.PlatformOwner, TimeProvider.System.GetUtcNow()), Author, Stop).AsTask());
        await RefusedAsync(() => edge.Store.ListRevisionsAsync(null, long.MaxValue, 1, Stop).AsTask());
        await RefusedAsync(() => PostgresEngine.OpenAsync(login, TimeProvider.System, Stop).ContinueWith(t => t.GetAwaiter().GetResult(), TaskScheduler.Default));
        await RefusedAsync(() => edge.Users.ListAsync("", Stop).AsTask());
        await RefusedAsync(() => edge.Logins.FindAsync("secret", Stop).AsTask());
        await RefusedAsync(() => edge.Audit.WriteAsync(new("", "edge", null, AuditActions.Login), Stop).AsTask());
        foreach (var sql in (string[])["UPDATE drizzle.documents SET body = '{}'", "DELETE FROM drizzle.edges", "SELECT * FROM drizzle.edges", "UPDATE drizzle.lineage SET revision = 0", "DROP TABLE drizzle.documents", "CREATE TABLE drizzle.mine ()"])
        {
            await DeniedAsync(login, sql);
        }
    }

    [TestMethod]
    public async Task An_admin_writes_by_the_functions_alone_and_leaves_the_schema_as_it_is()
    {
        await using var server = await PostgresServer.StartAsync();
        var owner = await server.CreateDatabaseAsync();
        await (await PostgresEngine.OpenAsync(owner, TimeProvider.System, Stop)).DisposeAsync();
        var connection = await server.CreateLoginAsync(owner, "an_admin", "drizzle_admin");

        // The schema is up to date, so no right to change it is needed.
        await using var admin = await PostgresEngine.OpenAsync(connection, TimeProvider.System, Stop);
        Assert.IsInstanceOfType<WriteOutcome.Written>(await admin.Store.WriteTenantAsync("acme", 0, Document("acme"), new ChangeAuthor("admin", null), Stop));
        Assert.IsTrue(await admin.Tokens.AddAsync(new AccessToken("acme", "ci", new string('0', 64), AccessRole.Editor, TimeProvider.System.GetUtcNow()), Author, Stop));
        await admin.Tokens.UsedAsync(new string('0', 64), TimeProvider.System.GetUtcNow(), Stop);
        Assert.IsTrue(await admin.Tokens.DeleteAsync("acme", "ci", Author, Stop));
        Assert.IsTrue(await admin.Users.AddAsync(new User("acme", "jo", AccessRole.Owner, "hash", "stamp", TimeProvider.System.GetUtcNow()), Author, Stop));
        Assert.IsTrue(await admin.Users.ChangeRoleAsync("acme", "jo", AccessRole.Viewer, Author, Stop));
        Assert.IsTrue(await admin.Users.ChangePasswordAsync("acme", "jo", "another", Author, Stop));
        var stamp = (await admin.Users.FindAsync("acme", "jo", Stop))?.Stamp ?? "";
        var session = new Session("secret", "acme", "jo", stamp, TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddHours(1), TimeProvider.System.GetUtcNow());
        var login = new AuditRecord("acme", "jo", null, AuditActions.Login);
        Assert.IsTrue(await admin.Logins.OpenAsync(session, login, Stop));
        Assert.IsNotNull(await admin.Logins.FindAsync("secret", Stop));
        await admin.Logins.UsedAsync("secret", TimeProvider.System.GetUtcNow(), Stop);
        await admin.Logins.CloseAsync("secret", Stop);
        Assert.IsTrue(await admin.Logins.TryAttemptAsync("acme/jo", "::1", TimeProvider.System.GetUtcNow(), DateTimeOffset.MinValue, new(1, 1, 1), Stop));
        await admin.Audit.WriteAsync(login, Stop);
        await admin.Logins.ForgiveAsync("acme/jo", "::1", Stop);
        Assert.IsTrue(await admin.Users.DeleteAsync("acme", "jo", Author, Stop));
        Assert.HasCount(9, await admin.Audit.ListAsync(new("acme", OfThisTenantAlone: true, null, null, long.MaxValue, 100), Stop));
        Assert.IsNull(await admin.Store.FindOwnerAsync(["acme.test"], Stop));
        Assert.HasCount(1, await admin.Store.ListRevisionsAsync(null, long.MaxValue, 10, Stop));
        Assert.IsNotNull(await admin.Store.ReadTenantAtAsync("acme", 1, Stop));
        Assert.AreEqual(0, await admin.Store.ForgetRevisionsAsync(TimeProvider.System.GetUtcNow(), Stop));
        Assert.IsEmpty(await admin.Edges.ListAsync(Stop));
        Assert.IsFalse(await admin.Edges.ForgetAsync("nobody", Stop));

        foreach (var sql in (string[])["UPDATE drizzle.documents SET body = '{}'", "UPDATE drizzle.revisions SET actor = 'someone else'", "UPDATE drizzle.tokens SET role = 'PlatformOwner'", "UPDATE drizzle.lineage SET revision = 0", "DROP TABLE drizzle.tokens", "UPDATE drizzle.audit SET actor = 'someone else'", "DELETE FROM drizzle.audit", "TRUNCATE drizzle.audit", "DELETE FROM drizzle.revisions", "INSERT INTO drizzle.attempts VALUES ('a', 'b', now())", "UPDATE drizzle.users SET name = 'someone else'"])
        {
            await DeniedAsync(connection, sql);
        }
    }

    private static TenantDocument Document(string slug) => new() { Tenant = new() { Slug = slug } };

    private static async Task RefusedAsync(Func<Task> work)
    {
        var e = await Assert.ThrowsExactlyAsync<EngineException>(work);
        Assert.AreEqual(PostgresErrorCodes.InsufficientPrivilege, Assert.IsInstanceOfType<PostgresException>(e.InnerException).SqlState);
    }

    private async Task DeniedAsync(string login, string sql)
    {
        var e = await Assert.ThrowsExactlyAsync<PostgresException>(() => PostgresServer.QueryAsync(login, sql, Stop));
        Assert.AreEqual(PostgresErrorCodes.InsufficientPrivilege, e.SqlState, sql);
    }
}
