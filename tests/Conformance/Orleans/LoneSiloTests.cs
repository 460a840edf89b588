using Drizzle.Conformance.Postgres;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Sql;
using Drizzle.Engine.Sql.Postgres;
using Drizzle.Testing;
using Npgsql;

namespace Drizzle.Conformance.Orleans;

/// <summary>A silo that is told to be the only one: what stands of it in the database, and what it does without.</summary>
[TestClass]
public sealed class LoneSiloTests
{
    private const string Cluster = "drizzle";
    private const string First = "127.0.0.1:11111@1";
    private const string Second = "127.0.0.1:11112@2";

    private string _database = "";

    [TestInitialize]
    public async Task CreateAsync() => _database = await PostgresFixture.CreateDatabaseAsync();

    [TestMethod]
    public async Task Beside_one_that_is_at_work_no_other_enters()
    {
        await using var engine = await OpenAsync();
        Assert.IsNull(await engine.Shards.EnterAloneAsync(First, Cluster, CancellationToken.None));
        Assert.AreEqual(First, await engine.Shards.EnterAloneAsync(Second, Cluster, CancellationToken.None));
        Assert.AreEqual(First, await engine.Shards.EnterAmongAsync(Cluster, CancellationToken.None));
        Assert.IsTrue(await engine.Shards.RenewAloneAsync(First, Cluster, CancellationToken.None));
    }

    [TestMethod]
    [DataRow("-4 s", DisplayName = "it has not renewed its row")]
    [DataRow("1 h", DisplayName = "the clock of the database was set back")]
    public async Task One_that_says_nothing_of_itself_gives_way(string seenAt)
    {
        await using var engine = await OpenAsync();
        await engine.Shards.EnterAloneAsync(First, Cluster, CancellationToken.None);
        await SeenAtAsync(seenAt);
        Assert.IsNull(await engine.Shards.EnterAloneAsync(Second, Cluster, CancellationToken.None));
        Assert.IsFalse(await engine.Shards.RenewAloneAsync(First, Cluster, CancellationToken.None));

        await SeenAtAsync(seenAt);
        var claimed = await engine.Shards.ClaimAsync(7, Second, Cluster, 0, 0, CancellationToken.None);
        Assert.IsNull(await engine.Shards.EnterAmongAsync(Cluster, CancellationToken.None));
        Assert.IsFalse(await engine.Shards.RenewAloneAsync(Second, Cluster, CancellationToken.None));
        Assert.IsTrue((await engine.Shards.ClaimAsync(7, await MemberRows.AddAsync(new SiloCluster(_database, Cluster), 1), Cluster, claimed.Epoch, 0, CancellationToken.None)).IsLost, "what it had may be claimed");
    }

    [TestMethod]
    [DataRow("-40 s", true)]
    [DataRow("-50 s", false)]
    public async Task Silos_that_find_each_other_by_the_table_are_at_work_while_their_rows_are_fresh(string seenAt, bool isAtWork)
    {
        await using var engine = await OpenAsync();
        await engine.Shards.EnterAloneAsync(First, Cluster, CancellationToken.None);
        await PostgresServer.QueryAsync(_database, "UPDATE drizzle.OrleansMembershipTable SET SiloName = 'Silo_1', Status = 3");
        await SeenAtAsync(seenAt);
        Assert.IsNull(await engine.Shards.EnterAmongAsync(Cluster, CancellationToken.None), "those of a kind do not mind each other");
        Assert.IsTrue(await engine.Shards.IsMemberAsync(First, Cluster, CancellationToken.None));
        Assert.AreEqual(isAtWork ? First : null, await engine.Shards.EnterAloneAsync(Second, Cluster, CancellationToken.None));
    }

    [TestMethod]
    public async Task Without_the_database_it_soon_grants_nothing_because_another_may_be_in_its_place()
    {
        await using var fixture = new OrleansFixture(isLocal: true);
        var owner = (await fixture.OpenAsync(CancellationToken.None)).BucketOwner ?? throw new InvalidOperationException("It has buckets.");
        await Eventually.TrueAsync(async () => await GrantedAsync(owner) > 0, "it grants");
        await CutOffAsync(fixture.Database);
        var granted = 0L;
        for (var step = 0; step < 30; step++)
        {
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(100));
            granted = await GrantedAsync(owner);
        }
        Assert.AreEqual(0, granted, "Three seconds later others may own what it had.");
    }

    private static async Task<long> GrantedAsync(IBucketOwner owner)
    {
        try
        {
            return (await owner.LeaseAsync("edge", [new(new("acme/plan:p/each", "mobile"), new BucketRule(1_000_000, 1_000), 1, new(1, 1), [])], CancellationToken.None)).Answers[0].Granted;
        }
        catch (EngineException)
        {
            return 0;
        }
    }

    private async Task<PostgresEngine> OpenAsync() => await PostgresEngine.OpenAsync(_database, TimeProvider.System, CancellationToken.None);

    private Task SeenAtAsync(string ago) => PostgresServer.QueryAsync(_database, $"UPDATE drizzle.OrleansMembershipTable SET IAmAliveTime = clock_timestamp() + interval '{ago}' WHERE Status <> 6");

    /// <summary>Nobody reaches this database any more.</summary>
    private static async Task CutOffAsync(string database)
    {
        var name = new NpgsqlConnectionStringBuilder(database).Database;
        var other = new NpgsqlConnectionStringBuilder(database) { Database = "postgres" }.ConnectionString;
        await PostgresServer.QueryAsync(other, $"ALTER DATABASE {name} ALLOW_CONNECTIONS false");
        await PostgresServer.QueryAsync(other, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    }
}
