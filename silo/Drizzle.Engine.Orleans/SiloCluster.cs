namespace Drizzle.Engine.Orleans;

/// <summary>How the members of a cluster find each other.</summary>
/// <param name="ConnectionString">Npgsql's, of the database that has the table of the members.</param>
/// <param name="Cluster">Clusters of different names may share a database of members, but not the rest of it.</param>
public sealed record SiloCluster(string ConnectionString, string Cluster = "drizzle")
{
    // A silo that begins or ends has a thousand things to write, and the database has to serve others too.
    private const int MostConnections = 20;
    private const int MostForMembers = 5;
    private const int UsualMost = 100;

    /// <summary>For what a silo keeps in the database.</summary>
    public string SiloConnectionString
    {
        get
        {
            var builder = new Npgsql.NpgsqlConnectionStringBuilder(ConnectionString);
            if (builder.MaxPoolSize == UsualMost) builder.MaxPoolSize = MostConnections;
            return builder.ConnectionString;
        }
    }

    /// <summary>For Orleans' own tables, which it names without a schema.</summary>
    public string MembersConnectionString => new Npgsql.NpgsqlConnectionStringBuilder(ConnectionString) { SearchPath = "drizzle", ApplicationName = "drizzle members", MaxPoolSize = MostForMembers }.ConnectionString;
}
