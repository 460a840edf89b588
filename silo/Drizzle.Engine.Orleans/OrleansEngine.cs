using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql;

namespace Drizzle.Engine.Orleans;

/// <summary>
/// The orleans engine, seen from an edge or an admin: a client of silos, which own the buckets, write the configuration and push it. What only an admin asks for
/// (accounts, audit, history, lists) is read from the database of the silos, which is that of the postgres engine: one goes on where the other left off.
/// </summary>
public sealed class OrleansEngine : IEngine
{
    private readonly PostgresEngine _database;
    private readonly SiloConnection _silos;

    private OrleansEngine(PostgresEngine database, SiloConnection silos, TimeProvider clock)
    {
        (_database, _silos) = (database, silos);
        var desks = new LeaseDesks(silos);
        var shards = new ShardMap(silos, desks);
        Store = new SiloConfigStore(silos, database.Store);
        var feed = new SiloConfigFeed(silos, clock);
        var edgeDesk = new AnyWay(silos);
        Feed = feed;
        Edges = new SiloEdgeRegistry(edgeDesk, feed, database.Edges);
        BucketOwner = new SiloBucketOwner(desks, shards);
        LiveBuckets = new SiloLiveBuckets(silos, desks, shards, database.Audit);
        Quotas = new SiloQuotaLedger(edgeDesk, database.Quotas);
        Usage = new SiloUsageLedger(edgeDesk, database.Usage);
        Traffic = new SiloTraffic(silos);
    }

    public bool IsShared => true;

    public IConfigStore Store { get; }

    public IConfigFeed Feed { get; }

    public IEdgeRegistry Edges { get; }

    public IBuckets Buckets => _database.Buckets;

    public IBucketOwner BucketOwner { get; }

    public ILiveBuckets LiveBuckets { get; }

    public IAccessTokens Tokens => _database.Tokens;

    public IUsers Users => _database.Users;

    public ILogins Logins => _database.Logins;

    public IAuditLog Audit => _database.Audit;

    public IEventLog Events => _database.Events;

    public IQuotaLedger Quotas { get; }

    public IUsageLedger Usage { get; }

    public ITraffic Traffic { get; }

    /// <summary>For an edge: finds the silos whenever they are there, and asks the database for nothing but where they are.</summary>
    /// <exception cref="EngineException">The connection string cannot be read.</exception>
    public static OrleansEngine Connect(SiloCluster options, TimeProvider clock) => new(PostgresEngine.Connect(options.ConnectionString, clock), SiloConnection.Start(options), clock);

    /// <summary>For an admin: brings the schema of the database up to date first.</summary>
    /// <exception cref="EngineException">The database is away, refuses, or was written by a newer version.</exception>
    public static async Task<OrleansEngine> OpenAsync(SiloCluster options, TimeProvider clock, CancellationToken cancellation) =>
        new(await PostgresEngine.OpenAsync(options.ConnectionString, clock, cancellation), SiloConnection.Start(options), clock);

    public async ValueTask DisposeAsync()
    {
        await _silos.DisposeAsync();
        await _database.DisposeAsync();
    }
}
