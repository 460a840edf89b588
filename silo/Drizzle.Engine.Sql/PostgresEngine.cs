using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql.Documents;
using Drizzle.Engine.Sql.Embedded;
using Drizzle.Engine.Sql.Postgres;

namespace Drizzle.Engine.Sql;

/// <summary>
/// The postgres engine: configuration, edges and tokens in a PostgreSQL database that any number of processes share, changes pushed by NOTIFY.
/// Edges lease the tokens of limits from the database, and keep the limit on each client address for themselves.
/// </summary>
public sealed class PostgresEngine : IEngine
{
    private readonly PostgresDatabase _database;
    private readonly NotificationListener _listener;
    private readonly InProcessBuckets _buckets;
    private readonly PostgresEdgeRegistry _edges;

    private PostgresEngine(PostgresDatabase database, TimeProvider clock)
    {
        _database = database;
        var commits = new Signal();
        var store = new PostgresConfigStore(database, clock);
        _listener = new NotificationListener(database, "drizzle_config", commits, clock);
        _buckets = new InProcessBuckets(clock);
        Store = store;
        Feed = new ConfigFeed(store.ReadSinceAsync, commits);
        _edges = new PostgresEdgeRegistry(database, commits, clock);
        Tokens = new PostgresAccessTokens(database, clock);
        BucketOwner = new PostgresBucketOwner(database, clock);
        LiveBuckets = new PostgresLiveBuckets(database, clock);
        Users = new PostgresUsers(database, clock);
        Logins = new PostgresLogins(database, clock);
        Audit = new PostgresAuditLog(database, clock);
        Events = new PostgresEventLog(database);
        Quotas = new PostgresQuotaLedger(database, clock);
        Usage = new PostgresUsageLedger(database, clock);
        Traffic = new PostgresTraffic(database, clock);
        Shards = new PostgresShards(database);
    }

    public bool IsShared => true;

    public IConfigStore Store { get; }

    public IConfigFeed Feed { get; }

    public IEdgeRegistry Edges => _edges;

    public IBuckets Buckets => _buckets;

    public IBucketOwner BucketOwner { get; }

    public ILiveBuckets LiveBuckets { get; }

    public IAccessTokens Tokens { get; }

    public IUsers Users { get; }

    public ILogins Logins { get; }

    public IAuditLog Audit { get; }

    public IEventLog Events { get; }

    public IQuotaLedger Quotas { get; }

    public IUsageLedger Usage { get; }

    public ITraffic Traffic { get; }

    /// <summary>By which silos agree on who owns which buckets.</summary>
    public PostgresShards Shards { get; }

    /// <summary>Uses a database that need not be there yet: whoever asks for something meanwhile is told so.</summary>
    /// <param name="connectionString">Npgsql's.</param>
    /// <param name="clock">Paces reconnecting. Unless it is the system's, also the time of revisions and heartbeats, which is the database's otherwise.</param>
    /// <exception cref="EngineException">The connection string cannot be read.</exception>
    public static PostgresEngine Connect(string connectionString, TimeProvider clock) => new(new PostgresDatabase(connectionString), clock);

    /// <summary>Brings the schema up to date first; any number of processes may do so at once.</summary>
    /// <exception cref="EngineException">The database is away, refuses, or was written by a newer version.</exception>
    public static async Task<PostgresEngine> OpenAsync(string connectionString, TimeProvider clock, CancellationToken cancellation)
    {
        var database = new PostgresDatabase(connectionString);
        try
        {
            await database.RunAsync(c => PostgresMigrations.RunAsync(c, cancellation), cancellation);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
        return new PostgresEngine(database, clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _edges.DisposeAsync();
        await _listener.DisposeAsync();
        _buckets.Dispose();
        await _database.DisposeAsync();
    }
}
