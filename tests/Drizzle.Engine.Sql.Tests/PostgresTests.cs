using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Testing;
using Npgsql;

namespace Drizzle.Engine.Sql.Tests;

/// <summary>What only a database that several processes share can get wrong.</summary>
[TestClass]
public sealed class PostgresTests
{
    private static readonly ChangeAuthor Author = new("tester", null);
    private static PostgresServer? s_server;

    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));

    private CancellationToken Stop => _patience.Token;

    [ClassInitialize]
    public static async Task StartAsync(TestContext _) => s_server = await PostgresServer.StartAsync();

    [ClassCleanup]
    public static async Task EndAsync()
    {
        if (s_server is not null) await s_server.DisposeAsync();
    }

    [TestCleanup]
    public void Forget() => _patience.Dispose();

    [TestMethod]
    public async Task Processes_that_start_together_make_the_schema_once()
    {
        var database = await Database();
        var engines = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PostgresEngine.OpenAsync(database, TimeProvider.System, Stop)));
        var positions = await Task.WhenAll(engines.Select(e => e.Store.PositionAsync(Stop).AsTask()));
        Assert.ContainsSingle(positions.Distinct());
        foreach (var engine in engines) await engine.DisposeAsync();
        Assert.AreEqual((long)typeof(PostgresEngine).Assembly.GetManifestResourceNames().Length, await PostgresServer.QueryAsync(database, "SELECT count(*) FROM drizzle.migrations", Stop));
    }

    [TestMethod]
    public async Task A_step_that_fails_leaves_the_schema_as_it_was()
    {
        var database = await Database();
        // Stands in the way of one of the last things that the first step makes.
        await PostgresServer.QueryAsync(database, "CREATE SCHEMA drizzle; CREATE FUNCTION drizzle.write_document(text, bigint, jsonb, text[], text, text, text, timestamptz) RETURNS int LANGUAGE sql AS 'SELECT 1'; SELECT 1", Stop);
        await Assert.ThrowsExactlyAsync<EngineException>(() => PostgresEngine.OpenAsync(database, TimeProvider.System, Stop));
        Assert.AreEqual(0L, await PostgresServer.QueryAsync(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'drizzle'", Stop));
        await PostgresServer.QueryAsync(database, "DROP SCHEMA drizzle CASCADE; SELECT 1", Stop);
        await using var engine = await PostgresEngine.OpenAsync(database, TimeProvider.System, Stop);
        Assert.AreEqual(0, (await engine.Store.PositionAsync(Stop)).Revision);
    }

    [TestMethod]
    public async Task A_schema_of_a_newer_version_is_left_alone()
    {
        var database = await Database();
        await (await PostgresEngine.OpenAsync(database, TimeProvider.System, Stop)).DisposeAsync();
        await PostgresServer.QueryAsync(database, "INSERT INTO drizzle.migrations (step) VALUES ('9999-later') RETURNING 1", Stop);
        var e = await Assert.ThrowsExactlyAsync<EngineException>(() => PostgresEngine.OpenAsync(database, TimeProvider.System, Stop));
        Assert.Contains("9999-later", e.Message);
    }

    [TestMethod]
    public async Task Who_reads_while_two_hundred_write_sees_every_revision_up_to_the_last_that_it_sees()
    {
        var database = await Database();
        await using var one = await PostgresEngine.OpenAsync(database, TimeProvider.System, Stop);
        await using var two = await PostgresEngine.OpenAsync(database, TimeProvider.System, Stop);
        const int Writers = 200;
        const int Each = 5;
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(i => WriteAsync(i % 2 == 0 ? one : two, $"tenant-{i}", Each)));
        var looks = 0;
        while (!writing.IsCompleted)
        {
            var seen = await PostgresServer.QueryAsync(database, "SELECT CASE WHEN count(*) = coalesce(max(revision), 0) THEN 1 ELSE 0 END FROM drizzle.revisions", Stop);
            Assert.AreEqual(1, seen);
            looks++;
        }
        var revisions = (await writing).SelectMany(r => r).Order().ToArray();
        Assert.AreSequenceEqual(Enumerable.Range(1, Writers * Each).Select(r => (long)r), revisions);
        Assert.IsGreaterThan(3, looks);
    }

    [TestMethod]
    public async Task A_commit_of_one_process_reaches_the_feeds_of_another()
    {
        var database = await Database();
        await using var writer = await PostgresEngine.OpenAsync(database, TimeProvider.System, Stop);
        await using var reader = PostgresEngine.Connect(database, TimeProvider.System);
        await using var feed = reader.Feed.SubscribeAsync(ConfigPosition.Start, Stop).GetAsyncEnumerator(Stop);
        Assert.IsTrue(await feed.MoveNextAsync());
        var revisions = await WriteAsync(writer, "acme", 1);
        Assert.IsTrue(await feed.MoveNextAsync());
        Assert.AreEqual(revisions[0], Assert.ContainsSingle(feed.Current.Changes).Revision);
    }

    [TestMethod]
    public async Task A_heartbeat_brings_what_no_notification_told_of()
    {
        var database = await Database();
        await using var engine = await PostgresEngine.OpenAsync(database, TimeProvider.System, Stop);
        await using var feed = engine.Feed.SubscribeAsync(ConfigPosition.Start, Stop).GetAsyncEnumerator(Stop);
        Assert.IsTrue(await feed.MoveNextAsync());
        var before = feed.Current.Position;
        await WriteAsync(engine, "first", 1);
        // Listening has begun when this arrives.
        Assert.IsTrue(await feed.MoveNextAsync());
        var next = feed.MoveNextAsync();
        await PostgresServer.QueryAsync(database, "UPDATE drizzle.lineage SET revision = 2; INSERT INTO drizzle.documents VALUES ('silent', 2, '{\"tenant\":{\"slug\":\"silent\"}}') RETURNING 1", Stop);
        Assert.IsFalse(next.IsCompleted);
        await engine.Edges.ReportAsync(new EdgeReport("edge", "1", "here", TimeProvider.System.GetUtcNow(), before with { Revision = 1 }, []), Stop);
        Assert.IsTrue(await next);
        Assert.AreEqual("silent", Assert.ContainsSingle(feed.Current.Changes).Slug);
    }

    [TestMethod]
    public async Task An_engine_closes_at_whatever_moment_it_is_told_to()
    {
        var database = await Database();
        await (await PostgresEngine.OpenAsync(database, TimeProvider.System, Stop)).DisposeAsync();
        for (var i = 0; i < 100; i++)
        {
            var engine = PostgresEngine.Connect(database, TimeProvider.System);
            // About the time in which listening begins.
            for (var reads = 0; reads < i % 4; reads++) await engine.Store.PositionAsync(Stop);
            await engine.DisposeAsync().AsTask().WaitAsync(Stop);
        }
    }

    [TestMethod]
    public async Task A_database_that_crashes_is_found_again_and_a_feed_goes_on_where_it_was()
    {
        await using var server = await PostgresServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using var engine = await PostgresEngine.OpenAsync(database, TimeProvider.System, Stop);
        await WriteAsync(engine, "acme", 3);
        var position = await engine.Store.PositionAsync(Stop);
        await server.CrashAsync();
        await Assert.ThrowsExactlyAsync<EngineException>(() => engine.Store.PositionAsync(Stop).AsTask());
        await server.RunAsync();
        Assert.AreEqual(position, await engine.Store.PositionAsync(Stop));
        await using var feed = engine.Feed.SubscribeAsync(position, Stop).GetAsyncEnumerator(Stop);
        Assert.IsTrue(await feed.MoveNextAsync());
        Assert.IsFalse(feed.Current.IsWhole);
        var written = await WriteAsync(engine, "later", 1);
        Assert.IsTrue(await feed.MoveNextAsync());
        Assert.AreEqual(written[0], Assert.ContainsSingle(feed.Current.Changes).Revision);
    }

    [TestMethod]
    public async Task A_restored_backup_is_another_epoch_although_its_revisions_have_gone_past_those_that_were_lost()
    {
        var database = await Database();
        await using var engine = await PostgresEngine.OpenAsync(database, TimeProvider.System, Stop);
        await WriteAsync(engine, "kept", 1);
        await PostgresServer.QueryAsync(database, "CREATE TABLE public.backup AS TABLE drizzle.lineage; SELECT 1", Stop);
        await WriteAsync(engine, "lost", 1);
        var before = await engine.Store.PositionAsync(Stop);
        // As pg_restore --clean --data-only would, in short.
        await PostgresServer.QueryAsync(database, "TRUNCATE drizzle.lineage; INSERT INTO drizzle.lineage SELECT * FROM public.backup; DELETE FROM drizzle.documents WHERE revision > 1; DELETE FROM drizzle.revisions WHERE revision > 1; SELECT 1", Stop);
        await WriteAsync(engine, "new", 3);
        await using var feed = engine.Feed.SubscribeAsync(before, Stop).GetAsyncEnumerator(Stop);
        Assert.IsTrue(await feed.MoveNextAsync());
        Assert.IsTrue(feed.Current.IsWhole);
        Assert.AreSequenceEqual(new[] { "kept", "new" }, feed.Current.Changes.Select(c => c.Slug).Order());
    }

    private static Task<string> Database() => (s_server ?? throw new InvalidOperationException("The server was not started.")).CreateDatabaseAsync();

    /// <summary>Writes a tenant so many times, each on top of the one before.</summary>
    private async Task<long[]> WriteAsync(PostgresEngine engine, string slug, int times)
    {
        var revisions = new long[times];
        for (var i = 0; i < times; i++)
        {
            var document = new TenantDocument { Tenant = new() { Slug = slug, Name = $"{i}" } };
            var outcome = await engine.Store.WriteTenantAsync(slug, i == 0 ? 0 : revisions[i - 1], document, Author, Stop);
            revisions[i] = Assert.IsInstanceOfType<WriteOutcome.Written>(outcome).Revision;
        }
        return revisions;
    }
}
