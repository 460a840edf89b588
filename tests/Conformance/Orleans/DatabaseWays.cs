using Drizzle.Engine.Orleans;
using Drizzle.Testing;
using Npgsql;

namespace Drizzle.Conformance.Orleans;

/// <summary>Ways to a cluster's database that can be cut.</summary>
internal static class DatabaseWays
{
    public static Relay MakeWay(this SiloCluster cluster) => new(new NpgsqlConnectionStringBuilder(cluster.ConnectionString).Port);

    /// <summary>The cluster for whoever reaches its database by this way.</summary>
    public static SiloCluster By(this SiloCluster cluster, Relay way) => cluster with { ConnectionString = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Port = way.Port }.ConnectionString };
}
