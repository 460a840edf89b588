using System.Net;
using System.Net.Sockets;
using Drizzle.Conformance.Postgres;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Sql;
using Drizzle.Testing;

namespace Drizzle.Conformance.Orleans;

/// <summary>Silos that were killed and that nobody declared dead: their rows say that they are active, and that they own buckets.</summary>
[TestClass]
public sealed class RowsOfTheDeadTests
{
    [TestMethod]
    public async Task They_block_no_silo_that_joins_and_keep_no_buckets()
    {
        var cluster = new SiloCluster(await PostgresFixture.CreateDatabaseAsync());
        await (await PostgresEngine.OpenAsync(cluster.ConnectionString, TimeProvider.System, CancellationToken.None)).DisposeAsync();
        // At one address nothing listens; at another something takes connections, and says nothing.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        int[] ports = [FreePort.Next(), ((IPEndPoint)silent.LocalEndpoint).Port];
        foreach (var port in ports) await MemberRows.AddAsync(cluster, port, seen: 31);
        await PostgresServer.QueryAsync(cluster.ConnectionString, $"""
            INSERT INTO drizzle.bucket_shards (shard, owner, epoch)
              SELECT s, '127.0.0.1:' || (ARRAY[{string.Join(',', ports)}])[1 + s % 2] || '@1', nextval('drizzle.grant_numbers') FROM generate_series(0, {BucketShards.Count - 1}) s;
            """);
        await using var silo = await RunningSilo.StartAsync(cluster, opensAhead: true);
        await silo.ReadyAsync();
        Assert.AreEqual((long)BucketShards.Count, await PostgresServer.QueryAsync(cluster.ConnectionString, $"SELECT count(*) FROM drizzle.bucket_shards WHERE owner LIKE '%:{silo.Options.Port}@%'"));
    }
}
