using Drizzle.Engine.Orleans;
using Drizzle.Testing;

namespace Drizzle.Conformance.Orleans;

/// <summary>Rows of the table of members, for silos that are not there.</summary>
internal static class MemberRows
{
    /// <param name="port">Of no other silo.</param>
    /// <param name="seen">How many seconds ago it last said that it is there.</param>
    /// <returns>The silo, as <c>address:port@generation</c>.</returns>
    public static async Task<string> AddAsync(SiloCluster cluster, int port, int seen = 0)
    {
        await PostgresServer.QueryAsync(cluster.ConnectionString, $"""
            INSERT INTO drizzle.OrleansMembershipVersionTable (DeploymentId) VALUES ('{cluster.Cluster}') ON CONFLICT DO NOTHING;
            INSERT INTO drizzle.OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
              VALUES ('{cluster.Cluster}', '127.0.0.1', {port}, 1, 'Silo_{port}', 'gone', 3, {port}, now() - interval '1 h', now() - interval '{seen} s');
            """);
        return $"127.0.0.1:{port}@1";
    }

    public static Task DeclareDeadAsync(SiloCluster cluster, string silo) => PostgresServer.QueryAsync(
        cluster.ConnectionString, $"UPDATE drizzle.OrleansMembershipTable SET Status = 6 WHERE DeploymentId = '{cluster.Cluster}' AND Address || ':' || Port || '@' || Generation = '{silo}'");
}
