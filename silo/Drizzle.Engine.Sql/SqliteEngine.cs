using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql.Documents;
using Drizzle.Engine.Sql.Embedded;

namespace Drizzle.Engine.Sql;

/// <summary>The embedded engine: one SQLite file, owned by this process alone, and everything else in memory.</summary>
public sealed class SqliteEngine : IEngine
{
    private readonly SqliteDatabase _database;
    private readonly InProcessBuckets _buckets;
    private SqliteBucketKeeper? _keeper;

    private SqliteEngine(SqliteDatabase database, TimeProvider clock)
    {
        _database = database;
        var commits = new Signal();
        _buckets = new InProcessBuckets(clock);
        Store = new SqliteConfigStore(database, commits, clock);
        Feed = new ConfigFeed(new SqliteConfigReader(database).ReadSinceAsync, commits);
        Edges = new InProcessEdgeRegistry(Store, clock);
        Tokens = new SqliteAccessTokens(database, clock);
        Users = new SqliteUsers(database, clock);
        Logins = new SqliteLogins(database, clock);
        Audit = new SqliteAuditLog(database, clock);
        LiveBuckets = new InProcessLiveBuckets(_buckets, Audit);
        Events = new SqliteEventLog(database);
        Quotas = new SqliteQuotaLedger(database, clock);
        Usage = new SqliteUsageLedger(database, clock);
        Traffic = new InProcessTraffic(clock);
    }

    public bool IsShared => false;

    public IConfigStore Store { get; }

    public IConfigFeed Feed { get; }

    public IEdgeRegistry Edges { get; }

    public IBuckets Buckets => _buckets;

    public IBucketOwner? BucketOwner => null;

    public ILiveBuckets LiveBuckets { get; }

    public IAccessTokens Tokens { get; }

    public IUsers Users { get; }

    public ILogins Logins { get; }

    public IAuditLog Audit { get; }

    public IEventLog Events { get; }

    public IQuotaLedger Quotas { get; }

    public IUsageLedger Usage { get; }

    public ITraffic Traffic { get; }

    /// <param name="folder">Created if it is missing. The file is <c>drizzle.db</c> in it.</param>
    /// <param name="clock">The time of revisions, heartbeats and buckets.</param>
    /// <param name="cancellation">Ends the opening.</param>
    /// <exception cref="EngineException">The folder cannot be written, another process has it, the disk is full, or the file is not ours.</exception>
    public static async Task<SqliteEngine> OpenAsync(string folder, TimeProvider clock, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var engine = new SqliteEngine(SqliteDatabase.Open(folder), clock);
        try
        {
            engine._keeper = await SqliteBucketKeeper.StartAsync(engine._database, engine._buckets, clock, cancellation);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_keeper is not null) await _keeper.DisposeAsync();
        _buckets.Dispose();
        _database.Dispose();
    }
}
